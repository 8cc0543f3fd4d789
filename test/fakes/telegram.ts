import { type FakeReply, type FakeRequest, startHttpFake } from './http-fake.ts';

type Entity = { type: string; offset: number; length: number };
type Button = { text: string; callback_data: string };
export type FakeTelegramMessage = {
  message_id: number;
  chat: number;
  text: string;
  entities: Entity[];
  buttons: Button[];
};
type Webhook = { url: string; secret_token: string; allowed_updates: string[] };

const TOKEN = '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11';
const ok = (result: unknown): FakeReply => ({ status: 200, body: { ok: true, result } });
const no = (code: number, description: string, parameters?: object): FakeReply => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) },
});

/** A server of the Bot API with its limits, and people who press Start and buttons. */
export const startTelegram = async () => {
  const received: FakeTelegramMessage[] = [];
  const edits: { message_id: number; text: string; entities: Entity[]; buttons: string[] }[] = [];
  const calls: string[] = [];
  let refusal: [number, string] = [400, 'Bad Request: chat not found'];
  let webhook: Webhook = { url: '', secret_token: '', allowed_updates: [] };
  let trouble: { last_error_date: number; last_error_message: string } | undefined;
  const moved = new Map<string, number>();
  let count = 0;

  const wrongText = (text: string, entities: Entity[]): string | undefined => {
    if (text.trim() === '') return 'Bad Request: message text is empty';
    if (text.length > 4096) return 'Bad Request: message is too long';
    return entities.some(({ offset, length }) => length < 1 || offset + length > text.length)
      ? 'Bad Request: ENTITY_BOUNDS_INVALID'
      : undefined;
  };
  const buttonsOf = (given: Record<string, unknown>): Button[] =>
    ((given.reply_markup as { inline_keyboard?: Button[][] } | undefined)?.inline_keyboard ?? []).flat();
  const answer = ({ method, path, body }: FakeRequest): FakeReply => {
    const [, token, call] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    if (method !== 'POST' || token !== TOKEN) return no(404, 'Not Found');
    calls.push(call ?? '');
    const given = JSON.parse(body) as Record<string, unknown>;
    const text = String(given.text ?? '');
    const entities = (given.entities ?? []) as Entity[];
    switch (call) {
      case 'getMe':
        return ok({ id: 123456, is_bot: true, first_name: 'Allclear', username: 'allclear_bot' });
      case 'getWebhookInfo':
        return ok({ url: webhook.url, pending_update_count: 0, ...trouble });
      case 'setWebhook':
        webhook = given as Webhook;
        trouble = undefined;
        return ok(true);
      case 'editMessageText': {
        const message_id = Number(given.message_id);
        const message = received.find((one) => one.message_id === message_id && one.chat === given.chat_id);
        if (!message) return no(400, 'Bad Request: message to edit not found');
        const wrong = wrongText(text, entities);
        if (wrong) return no(400, wrong);
        const buttons = buttonsOf(given);
        const shown = edits.findLast((one) => one.message_id === message_id);
        const words = buttons.map((one) => one.text);
        if (shown?.text === text && shown.buttons.join() === words.join())
          return no(
            400,
            'Bad Request: message is not modified: specified new message content and reply markup are exactly the same',
          );
        edits.push({ message_id, text, entities, buttons: words });
        return ok({ message_id, chat: { id: message.chat }, text });
      }
      case 'sendMessage': {
        const to = moved.get(String(given.chat_id));
        if (to) return no(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: to });
        const rows = buttonsOf(given);
        if (rows.some((button) => Buffer.byteLength(button.callback_data) > 64))
          return no(400, 'Bad Request: BUTTON_DATA_INVALID');
        const wrong = wrongText(text, entities);
        if (wrong) return no(400, wrong);
        count += 1;
        const chat = Number(given.chat_id);
        received.push({ message_id: count, chat, text, entities, buttons: rows });
        return ok({ message_id: count, chat: { id: chat }, text });
      }
      default:
        return no(404, 'Not Found');
    }
  };
  const server = await startHttpFake({
    ok: answer,
    retryable: () => no(429, 'Too Many Requests: retry after 7', { retry_after: 7 }),
    refused: () => no(...refusal),
    malformed: { status: 200, body: '<html>Captive portal</html>' },
  });

  type Person = { id: number; first_name: string; username?: string };
  let updates = 0;
  /** Posts an update as Telegram does; the answer may be a call. */
  const deliver = async (url: string, update: object, again?: number, secret = webhook.secret_token) => {
    updates += 1;
    const id = again ?? updates;
    const response = await fetch(`${url}/in/telegram/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify({ update_id: id, ...update }),
    });
    const text = await response.text();
    return { id, status: response.status, call: text ? (JSON.parse(text) as Record<string, unknown>) : undefined };
  };
  const chatOf = (id: number) => ({ id, type: id < 0 ? 'supergroup' : 'private' });
  return {
    ...server,
    received,
    /** Changes of messages, in order, each with the buttons it leaves; `received` has what was sent. */
    edits,
    /** The methods that were called. */
    calls,
    bot: { bot_token: TOKEN, base_url: server.url },
    webhook: () => webhook,
    /** Telegram could not reach the webhook's address. */
    fails: (at: Temporal.Instant, message: string): void => {
      trouble = { last_error_date: Math.floor(at.epochMilliseconds / 1000), last_error_message: message };
    },
    refuseWith: (code: number, description: string): void => {
      refusal = [code, description];
    },
    /** A group becomes a supergroup, with another id. */
    move: (from: string, to: number): void => {
      moved.set(from, to);
    },
    deliver,
    /** Somebody taps a button. `again`: the update of an earlier tap, which Telegram sends once more. */
    press: (url: string, message: FakeTelegramMessage, label: string, from: Person, again?: number, secret?: string) => {
      const button = message.buttons.find((one) => one.text === label);
      if (!button) throw new Error(`No button "${label}"`);
      const { message_id, text, entities } = message;
      const query = { id: `q${updates}`, from, data: button.callback_data };
      return deliver(
        url,
        { callback_query: { ...query, message: { chat: chatOf(message.chat), message_id, text, entities } } },
        again,
        secret,
      );
    },
    says: (url: string, text: string, from: Person, chat = from.id, again?: number) =>
      deliver(url, { message: { message_id: 1, chat: chatOf(chat), from, text } }, again),
  };
};
