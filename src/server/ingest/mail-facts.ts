/** What a mail says, as far as an alert or a guard needs it. Header values are as they came, decoded. */
export type MailFacts = {
  /** Address in From, lower case; empty when there is none. */
  from: string;
  from_name: string;
  subject: string;
  text: string;
  date: string;
  message_id: string;
  in_reply_to: string;
  references: string[];
  attachments: { name: string; type: string }[];
  auto_submitted: string;
  precedence: string;
  x_loop: string;
  /** What the mail server before us found. Anybody can write it: shown, never believed. */
  received_spf: string;
  authentication_results: string;
  /** Why it was read only roughly. */
  problem?: string;
};

const MAX_TEXT = 16 * 1024;
const MAX_HEADERS = 64 * 1024;
const MAX_HTML = 512 * 1024;
const MAX_ATTACHMENTS = 50;

const cut = (text: string | undefined, max: number): string => (text ?? '').slice(0, max);
const ids = (text: string): string[] => (text.match(/<[^<>\s]{1,500}>/g) ?? []).slice(0, 50);

/** The words of an HTML mail, without its looks. */
const textOfHtml = (html: string): string =>
  html
    .slice(0, MAX_HTML)
    .replace(/<(style|script|head)\b[\s\S]*?(<\/\1>|$)/gi, '\n')
    .replace(/<(br|\/p|\/div|\/tr|\/li|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&quot;/gi, '"')
    .replace(/&amp;/gi, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();

/** Reads a mail (RFC 5322, MIME). Throws for one nested deeper, or with more headers, than any honest one. */
export const readMail = async (raw: Uint8Array): Promise<MailFacts> => {
  const { default: PostalMime } = await import('postal-mime');
  const mail = await PostalMime.parse(raw, { maxNestingDepth: 50, maxHeadersSize: 256 * 1024, maxRfc822NestingDepth: 2 });
  const header = (name: string): string =>
    cut(
      mail.headers
        .filter((one) => one.key === name)
        .map((one) => one.value)
        .join('; '),
      2000,
    );
  const text = mail.text?.trim() ? mail.text : textOfHtml(mail.html ?? '');
  return {
    from: cut(mail.from?.address?.toLowerCase(), 254),
    from_name: cut(mail.from?.name, 200),
    subject: cut(mail.subject, 2000).replace(/\s+/g, ' ').trim(),
    text: cut(text.trim(), MAX_TEXT),
    date: cut(mail.date, 100),
    message_id: cut(mail.messageId, 500),
    in_reply_to: cut(mail.inReplyTo, 500),
    references: ids(mail.references ?? ''),
    attachments: mail.attachments.slice(0, MAX_ATTACHMENTS).map((one) => ({
      name: cut(one.filename ?? 'without a name', 200),
      type: cut(one.mimeType, 100),
    })),
    auto_submitted: header('auto-submitted'),
    precedence: header('precedence'),
    x_loop: header('x-loop'),
    received_spf: header('received-spf'),
    authentication_results: header('authentication-results'),
  };
};

/** The same from the plain headers alone, for a mail that cannot be read: rather a rough alert than none. Linear in its length. */
export const scanMail = (raw: string, problem?: string): MailFacts => {
  const blank = /\r?\n\r?\n/.exec(raw.slice(0, MAX_HEADERS));
  const head = raw.slice(0, blank?.index ?? MAX_HEADERS).replace(/\r?\n[ \t]+/g, ' ');
  const values = new Map<string, string>();
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !values.has(name)) values.set(name, line.slice(colon + 1).trim());
  }
  const header = (name: string, max = 2000): string => cut(values.get(name), max);
  const from = header('from', 1000);
  return {
    from: cut((/<([^<>\s]+)>/.exec(from)?.[1] ?? from.trim()).toLowerCase(), 254),
    from_name: '',
    subject: header('subject'),
    text: blank ? cut(raw.slice(blank.index).trim(), MAX_TEXT) : '',
    date: header('date', 100),
    message_id: header('message-id', 500),
    in_reply_to: header('in-reply-to', 500),
    references: ids(header('references', 10_000)),
    attachments: [],
    auto_submitted: header('auto-submitted'),
    precedence: header('precedence'),
    x_loop: header('x-loop'),
    received_spf: header('received-spf'),
    authentication_results: header('authentication-results'),
    ...(problem ? { problem } : {}),
  };
};
