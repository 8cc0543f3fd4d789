import { z } from 'zod';
import { ANSWERS, cutUnits, withoutMentions } from '../chat-text.ts';
import type { InboundReply } from '../types.ts';
import { say } from '../words/words.ts';
import { plain } from './mattermost.ts';

/** `from`: @name of whoever pressed, as a contact method has it. */
type MattermostPress = { id: string; from: string; token: string; action: InboundReply['action'] };

const press = z.looseObject({
  user_name: z.string().regex(/^[\w.-]{1,64}$/),
  trigger_id: z.string().min(1).max(500),
  context: z.looseObject({ token: z.string().min(1).max(200), action: z.enum(ANSWERS) }),
});

/** A pressed button (https://developers.mattermost.com/integrate/plugins/interactive-messages/); undefined: none of ours. */
export const parseAction = (json: unknown): MattermostPress | undefined => {
  const { data } = press.safeParse(json);
  return data
    ? { id: data.trigger_id, from: `@${data.user_name.toLowerCase()}`, token: data.context.token, action: data.context.action }
    : undefined;
};

/** The message that was answered, without its buttons, and what is now. */
export const answeredIn = ({
  title,
  text,
  url,
  locale,
}: {
  title: string;
  text: string;
  url: string;
  locale: string | undefined;
}) => ({
  update: {
    message: '',
    props: {
      attachments: [
        {
          fallback: withoutMentions(text),
          title: cutUnits(withoutMentions(title), 300),
          title_link: url,
          text: `${plain(text, 1_000)}\n\n[${say(locale, 'button.open')}](${url})`,
        },
      ],
    },
  },
});
/** Seen by whoever pressed, and by nobody else. */
export const asideIn = (text: string) => ({ ephemeral_text: text });
