import type { Context } from 'hono';
import { z } from 'zod';
import { isSignedByPlivo, parsePlivoKey, parsePlivoReceipt, parsePlivoReply } from '../channels/plivo/inbound.ts';
import * as plivoXml from '../channels/plivo/xml.ts';
import { isSignedByTwilio, parseKeyPress, parseReceipt, parseSmsReply } from '../channels/twilio/inbound.ts';
import * as twiml from '../channels/twilio/twiml.ts';
import type { InboundReply, Receipt } from '../channels/types.ts';
import { VENDORS, type Vendor } from '../channels/vendors.ts';
import { plivoScript, readScript } from '../channels/voice/voice.ts';
import { say } from '../channels/words/words.ts';
import { peopleByIds } from '../identity/actions.ts';
import * as paging from '../paging/actions.ts';
import { type Ctx, SYSTEM } from '../platform/ctx.ts';
import { AppError, notFound } from '../platform/errors.ts';
import { type Http, limitBody } from '../platform/http.ts';
import { unseal } from '../platform/links.ts';
import type { Runner } from '../platform/runner.ts';
import { reply } from './messages.ts';
import { saidOf } from './said.ts';

/** Anybody may knock here: a vendor's form is a few KB. */
const MAX_FORM_BYTES = 64 * 1024;
const account = z.looseObject({ auth_token: z.string() });
type Form = Record<string, string>;

/** How each vendor signs, asks and wants to be answered. */
const WAYS: Record<
  Vendor,
  {
    isSigned: (authToken: string, headers: Headers, url: string, form: Form, about: 'sms' | 'voice') => boolean;
    reply: (form: Form) => InboundReply | undefined;
    key: (form: Form) => InboundReply | undefined;
    receipt: (form: Form) => Receipt | undefined;
    hangUp: (text: string, locale: string | undefined) => string;
    text: (text: string, form: Form) => string;
  }
> = {
  twilio: {
    isSigned: (token, headers, url, form) => isSignedByTwilio(token, headers.get('x-twilio-signature') ?? undefined, url, form),
    reply: parseSmsReply,
    key: parseKeyPress,
    receipt: parseReceipt,
    hangUp: twiml.sayAndHangUp,
    text: (text) => twiml.answerSms(text),
  },
  plivo: {
    isSigned: isSignedByPlivo,
    reply: parsePlivoReply,
    key: parsePlivoKey,
    receipt: parsePlivoReceipt,
    hangUp: plivoXml.sayAndHangUp,
    text: (text, form) => plivoXml.answerSms(text, form.From ?? '', form.To ?? ''),
  },
};
const vendorOf = (headers: Headers): Vendor =>
  [...headers.keys()].some((name) => name.startsWith('x-plivo-')) ? 'plivo' : 'twilio';

const xml = (text: string) => new Response(text, { headers: { 'content-type': 'text/xml; charset=utf-8' } });
const localeOf = async (ctx: Ctx, personId: string | undefined): Promise<string | undefined> =>
  personId === undefined ? undefined : (await peopleByIds(ctx, [personId]))[0]?.locale;

/** What vendors of SMS and calls ask and tell: receipts, keys, texts that people send back, and what a call is to say. */
export const phoneRoutes = ({ app }: Http, runner: Runner): void => {
  for (const path of ['/answer/sms/*', '/answer/voice/*', '/answer/call/*']) app.use(path, limitBody(MAX_FORM_BYTES));

  type Asked = { ctx: Ctx; vendor: Vendor; form: Form };
  /** Does the work once the request is known to be signed by a vendor that the channel has. */
  const asked = async <T>(c: Context, channel: 'sms' | 'voice', work: (asked: Asked) => Promise<T>): Promise<T> => {
    const form: Form = Object.fromEntries(new URLSearchParams(await c.req.text()));
    const { headers } = c.req.raw;
    const vendor = vendorOf(headers);
    return runner.transaction(SYSTEM(vendor), channel, async (ctx) => {
      const provider = paging.providersOf(await paging.readSettings(ctx), channel).find((one) => one.vendor === vendor);
      const found = provider && 'config' in provider ? account.safeParse(provider.config) : undefined;
      if (
        !found?.success ||
        !WAYS[vendor].isSigned(found.data.auth_token, headers, `${ctx.publicUrl}${c.req.path}`, form, channel)
      )
        throw new AppError(
          'forbidden',
          `The signature of ${VENDORS[vendor]} does not fit: check the auth token and the public address`,
        );
      return work({ ctx, vendor, form });
    });
  };

  // Receipts, and a key pressed during a call; the address carries the message it is about.
  for (const channel of ['sms', 'voice'] as const)
    app.post(`/answer/${channel}/:token`, async (c) => {
      const token = c.req.param('token');
      const document = await asked(c, channel, async ({ ctx, vendor, form }) => {
        const way = WAYS[vendor];
        if (form.Digits === undefined) {
          const receipt = way.receipt(form);
          if (receipt) await paging.receiptOfToken(ctx, token, receipt, vendor);
          return undefined;
        }
        const press = channel === 'voice' ? way.key(form) : undefined;
        const test = press && (await paging.confirmsTest(ctx, { ...press, replyToken: token }, ['voice'], 'voice'));
        if (test) return way.hangUp(say(test.locale, 'answer.tested'), test.locale);
        const done = press && (await reply(ctx, { ...press, replyToken: token }, ['voice'], 'voice'));
        const locale = await localeOf(ctx, (done?.page ?? (await paging.pageOfReply(ctx, token)))?.person_id);
        return way.hangUp(
          press ? await saidOf(ctx, done?.page, press.action, locale, done?.goneOn) : say(locale, 'call.unknownKey'),
          locale,
        );
      });
      return document === undefined ? c.body(null, 204) : xml(document);
    });

  // A call by Plivo was answered: what it is to say comes back in the address that it was given.
  app.post('/answer/call/:script', async (c) => {
    const document = await asked(c, 'voice', async ({ ctx, vendor, form }) => {
      const script = readScript(unseal(ctx.secret, c.req.param('script')));
      if (!script) throw notFound('This call');
      const receipt = WAYS[vendor].receipt(form);
      const token = script.keyUrl?.split('/').at(-1);
      if (receipt && token) await paging.receiptOfToken(ctx, token, receipt, vendor);
      return plivoScript(script);
    });
    return xml(document);
  });

  // The phone number's own webhook: what people write back.
  app.post('/answer/sms', async (c) => {
    const document = await asked(c, 'sms', async ({ ctx, vendor, form }) => {
      const way = WAYS[vendor];
      const answer = way.reply(form);
      const test = answer && (await paging.confirmsTest(ctx, answer, ['sms'], 'sms'));
      if (test) return way.text(say(test.locale, 'answer.tested'), form);
      const done = answer && (await reply(ctx, answer, ['sms'], 'sms'));
      const from = form.From ? `+${form.From.replace(/^\+/, '')}` : '';
      const locale = await localeOf(ctx, done?.page.person_id ?? (await paging.ownerOf(ctx, 'sms', from))?.id);
      return way.text(
        answer ? await saidOf(ctx, done?.page, answer.action, locale, done?.goneOn) : say(locale, 'sms.help'),
        form,
      );
    });
    return xml(document);
  });
};
