import { z } from 'zod';

const account = z.looseObject({ from: z.string().optional(), reply_to: z.string().optional() });

/** `name@example.com` or `Allclear <name@example.com>`. */
export const addressOf = (from: string): string => /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();

/** Of settings of this channel: the address that mail is sent from and the one it is answered at, lower case. */
export const addressOfSender = (config: unknown): { from: string | undefined; replyTo: string | undefined } => {
  const { data } = account.safeParse(config);
  return {
    from: data?.from === undefined ? undefined : addressOf(data.from).toLowerCase(),
    replyTo: data?.reply_to?.toLowerCase(),
  };
};
