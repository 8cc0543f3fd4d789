import { z } from 'zod';
import { invalid } from '../platform/errors.ts';
import { normalizeWebAddress } from './public-url.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/**
 * Webhooks of teams' channels by name. Who knows such an address may write there, so policies name it and only the settings hold it.
 * `wrong`: why an address cannot be one of this service, or undefined.
 */
export const namedWebhooks = (wrong: (url: string) => string | undefined) =>
  z
    .record(
      z.string(),
      z.strictObject({
        secret_url: z.url({ protocol: /^https?$/ }).superRefine((url, context) => {
          const message = wrong(url);
          if (message) context.addIssue({ code: 'custom', message });
        }),
      }),
    )
    .superRefine((webhooks, context) => {
      for (const name of Object.keys(webhooks))
        if (!NAME.test(name))
          context.addIssue({
            code: 'custom',
            path: [name],
            message: 'A name has lower-case letters, digits, - and _, and starts with a letter or digit',
          });
    })
    .default({});
type NamedWebhooks = Record<string, { secret_url: string }>;

/** A name, or a whole address that `wrong` finds nothing against. */
export const nameOrUrl = (text: string, wrong: (url: string) => string | undefined): string => {
  const address = text.trim();
  if (NAME.test(address)) return address;
  if (!/^https?:/i.test(address)) throw invalid('Give the name of a webhook in the settings, or its whole address', 'address');
  const url = normalizeWebAddress(address);
  const message = wrong(url);
  if (message) throw invalid(message, 'address');
  return url;
};

/** The address to post to; undefined when no webhook of this name is set up. */
export const webhookAt = (webhooks: NamedWebhooks, address: string): string | undefined =>
  NAME.test(address) ? webhooks[address]?.secret_url : address;

/** What of these addresses lets somebody in: paths and queries. */
export const secretsOfUrls = (urls: string[]): string[] =>
  urls.flatMap((url) => {
    if (!URL.canParse(url)) return [url];
    const { pathname, search } = new URL(url);
    return [pathname + search, ...pathname.split('/').filter((part) => part.length >= 16), search].filter(
      (part) => part.length > 4,
    );
  });
export const urlsOf = (webhooks: NamedWebhooks, address: string): string[] => [
  ...Object.values(webhooks).map((one) => one.secret_url),
  ...(/^https?:/.test(address) ? [address] : []),
];
