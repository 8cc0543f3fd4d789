/**
 * Headers that prove a body is ours, by Standard Webhooks (https://www.standardwebhooks.com): `webhook-id`,
 * `webhook-timestamp` in Unix seconds and `webhook-signature`, one `v1,…` for each secret so that a receiver can change over.
 */
export const signWebhook = async (
  secrets: readonly string[],
  id: string,
  now: Temporal.Instant,
  body: string,
): Promise<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> => {
  const { Webhook } = await import('standardwebhooks');
  // The library takes a Date.
  const at = new Date(now.epochMilliseconds);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.epochMilliseconds / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
};
