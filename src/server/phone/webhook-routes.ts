import { PHONE_VENDORS, type PhoneAccount, type PhoneForm, type PhoneVendor, phoneAccount } from '../channels/phone/phone.ts';
import { VENDORS } from '../channels/vendors.ts';
import { say } from '../channels/words/words.ts';
import { peopleByIds } from '../identity/actions.ts';
import { integrationNamed } from '../ingest/actions.ts';
import type { Intake } from '../ingest/types.ts';
import { providersOf, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { AppError } from '../platform/errors.ts';
import { type Http, limitBody } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import * as phone from './actions.ts';
import { figures, ringFor } from './rules.ts';

/** Anybody may knock here: a vendor's form is a few KB. */
const MAX_FORM_BYTES = 64 * 1024;

type Asked = {
  ctx: Ctx;
  line: phone.Line;
  form: PhoneForm;
  way: PhoneVendor;
  account: PhoneAccount;
  /** The public address of this line; the parts of a call are below it. */
  base: string;
};
/** What the vendor is to do next; `refused`: a reason, and nothing was done. */
type Answer = string | undefined | { refused: string };
const isRefused = (answer: Answer): answer is { refused: string } => typeof answer === 'object';
const OVER = { refused: 'this call is over: a copy of an old request' };
const STRANGER = { refused: 'no such call came to this line' };

const xml = (text: string) => new Response(text, { headers: { 'content-type': 'text/xml; charset=utf-8' } });

/** Rings the one at this position, or whoever comes next who can be rung; asks for a message when nobody is left. */
const ringOrRecord = async (asked: Asked, call: phone.CallRow, position: number, greet: boolean): Promise<string> => {
  const { ctx, line, way, base } = asked;
  const { language, greeting, number, voicemail_seconds, transcribe } = line.phone;
  const seconds = ringFor(line.phone, call, position, ctx.now);
  const to = call.ladder[position]?.address;
  if (seconds === undefined || to === undefined) {
    await phone.moveTo(ctx, call.id, { position, state: 'voicemail' });
    const text = [...(greet && greeting ? [greeting] : []), say(language, 'phone.voicemail')].join(' ');
    const wordsUrl = transcribe ? `${base}/${call.id}/words` : undefined;
    return way.record(text, `${base}/${call.id}/message`, voicemail_seconds, language, wordsUrl);
  }
  if (position !== call.position) await phone.moveTo(ctx, call.id, { position, state: 'ringing' });
  return way.ring({
    greeting: greet ? greeting || say(language, 'phone.greeting', { service: line.service }) : undefined,
    language,
    to,
    from: number,
    seconds,
    nextUrl: `${base}/${call.id}/next/${position}`,
    whisperUrl: `${base}/${call.id}/whisper/${position}`,
    takenUrl: `${base}/${call.id}/taken/${position}`,
  });
};

/** The number was called. The same call told again gets the same answer. */
const called = async (asked: Asked): Promise<Answer> => {
  const { ctx, line, form, way } = asked;
  const id = way.callId(form);
  if (!id || id.length > 100) return { refused: 'the request names no call' };
  if (way.called(form) !== line.phone.number)
    return { refused: `the call is to ${way.called(form).slice(0, 40)}, and this line is ${line.phone.number}` };
  const call = await phone.begin(ctx, line, { vendor: line.phone.vendor, id, caller: way.caller(form) });
  if (call.outcome === 'refused') return way.hangUp(say(line.phone.language, 'phone.tooMany'), line.phone.language);
  if (call.state === 'over' || call.state === 'taken') return OVER;
  return ringOrRecord(asked, call, call.position, true);
};

/** Nobody talks with the caller, or no more: the next one is rung, unless whoever was rung had it. */
const next = async (asked: Asked, call: phone.CallRow, position: number): Promise<Answer> => {
  const { ctx, line, form, way } = asked;
  if (way.callId(form) !== call.vendor_id) return STRANGER;
  const bye = way.hangUp(say(line.phone.language, 'phone.goodbye'), line.phone.language);
  if (call.state === 'over') return call.outcome === 'taken' ? bye : OVER;
  if (call.state === 'taken') {
    await phone.leave(ctx, line, call);
    return bye;
  }
  if (way.isOver(form)) {
    await phone.leave(ctx, line, call);
    return bye;
  }
  return ringOrRecord(asked, call, Math.max(call.position, position + 1), false);
};

const personOf = async ({ ctx }: Asked, call: phone.CallRow, position: number) => {
  const id = call.ladder[position]?.person_id;
  return id === undefined ? undefined : (await peopleByIds(ctx, [id]))[0];
};
const isRinging = (call: phone.CallRow, position: number): boolean => call.state === 'ringing' && call.position === position;

/** Whoever was rung has answered, or their own voicemail has. */
const whisper = async (asked: Asked, call: phone.CallRow, position: number): Promise<Answer> => {
  const { line, way, base } = asked;
  const locale = (await personOf(asked, call, position))?.locale;
  if (!isRinging(call, position)) return way.hangUp(say(locale, 'phone.gone'), locale);
  const caller = call.caller ? figures(call.caller) : say(locale, 'phone.hidden');
  return way.whisper(
    say(locale, 'phone.whisper', { service: line.service, caller }),
    `${base}/${call.id}/take/${position}`,
    locale,
  );
};

/** A key was pressed by whoever was rung. Any but 1 leaves the call to the next one. */
const take = async (asked: Asked, call: phone.CallRow, position: number): Promise<Answer> => {
  const { ctx, line, way, form } = asked;
  const locale = (await personOf(asked, call, position))?.locale;
  const rung = call.ladder[position];
  // Told twice, they are put through all the same.
  if (call.state === 'taken' && call.position === position) return way.putThrough;
  if (!rung || !isRinging(call, position)) return way.hangUp(say(locale, 'phone.gone'), locale);
  if (form.Digits !== '1') return way.hangUp(say(locale, 'phone.goodbye'), locale);
  await phone.take(ctx, line, call, rung);
  return way.putThrough;
};

/** The vendor asked for the key itself, and tells how it went. */
const taken = async ({ ctx, line, way, form }: Asked, call: phone.CallRow, position: number): Promise<Answer> => {
  const rung = call.ladder[position];
  if (rung && isRinging(call, position) && way.wasPutThrough(form)) await phone.take(ctx, line, call, rung);
  return undefined;
};

const message = async ({ ctx, line, way, form, account }: Asked, call: phone.CallRow): Promise<Answer> => {
  if (way.callId(form) !== call.vendor_id) return STRANGER;
  if (call.state !== 'voicemail' && call.outcome !== 'hung_up' && call.outcome !== 'voicemail') return OVER;
  const recording = way.recording(form, account.baseUrl);
  if (recording) await phone.record(ctx, line, call, recording);
  return way.hangUp(say(line.phone.language, recording ? 'phone.thanks' : 'phone.goodbye'), line.phone.language);
};

const words = async ({ ctx, line, way, form }: Asked, call: phone.CallRow): Promise<Answer> => {
  const text = way.words(form);
  if (text) await phone.transcribe(ctx, line, call, text);
  return undefined;
};

const PARTS: Record<string, (asked: Asked, call: phone.CallRow, position: number) => Promise<Answer>> = {
  next,
  whisper,
  take,
  taken,
  message,
  words,
};

/** What vendors ask and tell while somebody calls a line of ours. The address holds the line's key; every request is signed. */
export const phoneWebhookRoutes = ({ app }: Http, runner: Runner, intake: Intake): void => {
  app.use('/hooks/phone/*', limitBody(MAX_FORM_BYTES));

  const serve = (path: string, work: (asked: Asked, params: Record<string, string>) => Promise<Answer>) =>
    app.post(path, async (c) => {
      const text = await c.req.text();
      const key = c.req.param('key') ?? '';
      const known = await intake.find(key);
      const refuse = async (reason: string, code: 'forbidden' | 'not_found'): Promise<never> => {
        intake.count(code === 'forbidden' ? 'signature' : 'unknown_key');
        await intake.accept({
          ...(known ? { integration: known } : {}),
          refusal: {
            integrationId: known?.id ?? null,
            path: `POST ${c.req.path.replace(key, '…')}`.slice(0, 1000),
            reason,
            contentType: c.req.header('content-type')?.slice(0, 200) ?? null,
            body: text.replaceAll('\0', ''),
          },
          bytes: text.length,
        });
        throw new AppError(code, reason);
      };
      if (!known) return refuse('no integration has this key', 'not_found');
      const form: PhoneForm = Object.fromEntries(new URLSearchParams(text));
      const actor = { kind: 'integration' as const, id: known.id, name: known.name };
      const answer = await runner.transaction(actor, 'phone', async (ctx): Promise<Answer> => {
        const { phone: settings, service } = await integrationNamed(ctx, known.name);
        if (!settings) return { refused: 'this integration is no phone line' };
        const { vendor } = settings;
        const way = PHONE_VENDORS[vendor];
        const provider = providersOf(await readSettings(ctx), 'voice').find((one) => one.vendor === vendor);
        const account = provider && 'config' in provider ? phoneAccount(vendor, provider.config) : undefined;
        if (!account) return { refused: `${VENDORS[vendor]} is not set up as a vendor of calls` };
        if (!way.isSigned(account.authToken, c.req.raw.headers, `${ctx.publicUrl}${c.req.path}`, form))
          return {
            refused: `the signature of ${VENDORS[vendor]} does not fit: check the auth token and the public address`,
          };
        const line: phone.Line = { id: known.id, name: known.name, service, phone: settings };
        return work({ ctx, line, form, way, account, base: `${ctx.publicUrl}/hooks/phone/${key}` }, c.req.param());
      });
      if (isRefused(answer)) return refuse(answer.refused, 'forbidden');
      return answer === undefined ? c.body(null, 204) : xml(answer);
    });

  serve('/hooks/phone/:key', called);
  serve('/hooks/phone/:key/ended', async ({ ctx, line, form, way }) => {
    const id = way.callId(form);
    const call = id ? await phone.callOfVendor(ctx, line.id, line.phone.vendor, id) : undefined;
    if (!call) return STRANGER;
    if (way.isOver(form)) await phone.leave(ctx, line, call);
    return undefined;
  });
  serve('/hooks/phone/:key/:call/:part/:position?', async (asked, params) => {
    const work = Object.hasOwn(PARTS, params.part ?? '') ? PARTS[params.part as string] : undefined;
    if (!work || !/^[0-9a-f-]{36}$/.test(params.call ?? '') || !/^\d{0,3}$/.test(params.position ?? '')) return STRANGER;
    const call = await phone.callOf(asked.ctx, params.call as string);
    return call?.integration_id === asked.line.id ? work(asked, call, Number(params.position ?? 0)) : STRANGER;
  });
};
