import pino from 'pino';

export type Logger = pino.Logger;

/** Field names whose values never reach a log line, at any depth we log. */
const SECRET_FIELDS = [
  'authorization',
  'password',
  'token',
  'secret',
  'auth_token',
  'key',
  'routing_key',
  'smtp_url',
  'url_secret',
];

/** One JSON object a line on standard output, or where `to` says; `silent` turns it off. */
export const createLogger = (level: string, to?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((f) => [f, `*.${f}`, `*.*.${f}`]), censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    to ?? pino.destination({ sync: false }),
  );
