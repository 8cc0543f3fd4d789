import { randomBytes } from 'node:crypto';
import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

export const MATRIX_TOKEN = 'syt_matrix-token-5c2e';
type FakeEvent = { room: string; event_id: string; body: string; formatted_body: string; 'm.mentions': object };
type FakeEdit = { event_id: string; body: string; formatted_body: string };
type FakeReplacement = { 'm.new_content': FakeEdit; 'm.relates_to': { rel_type: string; event_id: string } };

/** A homeserver of Matrix: a transaction sent twice is one event. */
export const startMatrix = async () => {
  const received: FakeEvent[] = [];
  const edits: FakeEdit[] = [];
  const transactions = new Map<string, string>();
  const no = (status: number, errcode: string, error: string, more: object = {}): FakeReply => ({
    status,
    body: { errcode, error, ...more },
  });
  const server = await startHttpFake({
    ok: ({ method, path, headers, body }: FakeRequest) => {
      const [, room, txn] = /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/send\/m\.room\.message\/([^/]+)$/.exec(path) ?? [];
      if (method !== 'PUT' || !room || !txn) return no(404, 'M_UNRECOGNIZED', 'Unrecognized request');
      if (headers.authorization !== `Bearer ${MATRIX_TOKEN}`) return no(401, 'M_UNKNOWN_TOKEN', 'Unknown token');
      if (Buffer.byteLength(body) > 64_000) return no(413, 'M_TOO_LARGE', 'event too large');
      const known = transactions.get(txn);
      if (known) return { status: 200, body: { event_id: known } };
      const event_id = `$${randomBytes(32).toString('base64url')}`;
      transactions.set(txn, event_id);
      const { 'm.relates_to': relates, 'm.new_content': content } = JSON.parse(body) as Partial<FakeReplacement>;
      if (relates) {
        if (relates.rel_type !== 'm.replace' || !content || !received.some((one) => one.event_id === relates.event_id))
          return no(400, 'M_BAD_JSON', 'Cannot replace this event');
        edits.push({ ...content, event_id: relates.event_id });
        return { status: 200, body: { event_id } };
      }
      received.push({ ...(JSON.parse(body) as FakeEvent), room: decodeURIComponent(room), event_id });
      return { status: 200, body: { event_id } };
    },
    retryable: () => no(429, 'M_LIMIT_EXCEEDED', 'Too Many Requests', { retry_after_ms: 7000 }),
    refused: () => no(403, 'M_FORBIDDEN', 'User not in room'),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });
  return {
    ...server,
    received,
    /** What replaces an event of `received`, in order. */
    edits,
    /** What was sent before may be sent again. */
    forget: (): void => transactions.clear(),
  };
};
