import { createHmac, timingSafeEqual } from 'node:crypto';
import { STATUS_OF } from '../platform/errors.ts';
import { isFields, textOf } from './parse/fields.ts';
import { opsgenieError, opsgenieReply } from './parse/opsgenie-reply.ts';
import { pagerdutyKeyOf, pagerdutyUnreadable, pagerdutyWrongKey } from './parse/pagerduty.ts';
import type { Reply } from './parse/types.ts';
import { victoropsFailure } from './parse/victorops.ts';
import type { Received, Surface } from './request.ts';
import type { Known } from './types.ts';

/** Senders take a 400 for good and a 503 for later. */
const STATUS = { ...STATUS_OF, invalid: 400, unavailable: 503 };
const NO_KEY = 'No integration has this key';
const keyInPath = ({ c }: Received): string | undefined => c.req.param('key');

/** PagerDuty's events: the key is in the body; in the address for the tools that put it there. */
export const pagerduty = (field: 'routing_key' | 'service_key'): Surface => ({
  key: (request) => pagerdutyKeyOf(request.body) ?? keyInPath(request) ?? request.c.req.header('x-routing-key'),
  unknownKey: ({ body }, key) => (isFields(body) ? pagerdutyWrongKey(key, field) : pagerdutyUnreadable()),
  error: (error) => ({
    status: STATUS[error.code],
    body: {
      status: error.code === 'rate_limited' ? 'throttle exceeded' : 'error',
      message: error.message,
      errors: [error.message],
    },
  }),
  // v1 says 403 for it and its clients retry nothing but that and 5xx.
  takes429: field === 'routing_key',
});

/** The key of a request to the Opsgenie API; old clients put it into the query or the body. */
const genieKey = ({ c, query, body }: Received): string | undefined =>
  /^\s*GenieKey\s+(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1] ??
  query.apiKey ??
  (isFields(body) ? textOf(body.apiKey) : undefined);
export const OPSGENIE: Surface = {
  key: genieKey,
  unknownKey: ({ requestId }) => opsgenieReply(401, { message: 'Could not authenticate' }, requestId),
  error: opsgenieError,
  takes429: true,
};

/** Our own addresses, the key in the path. Alertmanager never retries a webhook's 4xx, so overload is a 503. */
export const WEBHOOK: Surface = {
  key: keyInPath,
  unknownKey: () => ({ status: 404, body: { message: NO_KEY } }),
  error: (error) => ({ status: STATUS[error.code], body: { message: error.message } }),
  takes429: false,
};
export const GRAFANA: Surface = { ...WEBHOOK, guard: (request, integration) => badSignature(request, integration) };

export const VICTOROPS: Surface = {
  key: keyInPath,
  unknownKey: () => victoropsFailure(404, NO_KEY),
  error: (error) => victoropsFailure(STATUS[error.code], error.message),
  takes429: false,
};

/** Being an Alertmanager: its errors are `{code, message}`. */
export const ALERTMANAGER: Surface = {
  key: keyInPath,
  unknownKey: () => problemReply(404, NO_KEY),
  error: (error) => problemReply(STATUS[error.code], error.message),
  takes429: false,
};
export const problemReply = (status: number, message: string): Reply => ({ status, body: { code: status, message } });

/**
 * Grafana's signature: `X-Grafana-Alerting-Signature` is the hex HMAC-SHA256 of the body, or of `timestamp:body` with the
 * timestamp in a header of the administrator's choice (grafana/alerting `receivers/webhook`), so every number is tried.
 */
const badSignature = ({ c, bytes }: Received, { hmac_secret }: Known): string | undefined => {
  if (!hmac_secret) return undefined;
  const given = Buffer.from(c.req.header('x-grafana-alerting-signature')?.trim() ?? '', 'hex');
  if (given.length !== 32) return 'the header X-Grafana-Alerting-Signature is missing or malformed';
  const stamps = Object.values(c.req.header()).filter((value) => /^\d{9,13}$/.test(value));
  const signs = (prefix: string) =>
    timingSafeEqual(createHmac('sha256', hmac_secret).update(prefix).update(bytes).digest(), given);
  return ['', ...stamps.slice(0, 10).map((stamp) => `${stamp}:`)].some(signs)
    ? undefined
    : "the signature does not fit the body and the integration's hmac_secret";
};
