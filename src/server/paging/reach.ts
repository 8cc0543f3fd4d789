import type { Person } from '../../contract/people.ts';
import { channels } from '../channels/registry.ts';
import type { ChannelName, Message, SendResult } from '../channels/types.ts';
import { isVendor, VENDORS } from '../channels/vendors.ts';
import { say } from '../channels/words/words.ts';
import { peopleByIds, personNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal } from '../journal/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError, invalid, notFound } from '../platform/errors.ts';
import { verificationCode } from '../platform/links.ts';
import { maskAddress } from './rules.ts';
import { sendBy } from './send.ts';
import { readSettings } from './settings.ts';
import * as store from './store.ts';
import { openTestPages } from './test-pages.ts';
import { providersLeft } from './vendors.ts';

const CODE_LIFE = { minutes: 15 };
const MAX_TRIES = 5;

/** A person changes how she herself is reached; an administrator may for anyone. */
export const allowReach = (ctx: Ctx, personName: string) => {
  if (ctx.actor.kind === 'person' && ctx.actor.name === personName) allow(ctx, 'self.write');
  else allow(ctx, 'people.write');
};

/**
 * Brings contact methods and rules to this state. A method keeps its verification while its address stays;
 * only an administrator's `verified: true` vouches for a new one. Refuses rules that name no method of hers.
 */
export const saveReach = async (
  ctx: Ctx,
  personName: string,
  reach: Pick<Person, 'contact_methods' | 'notification_rules'>,
): Promise<void> => {
  allowReach(ctx, personName);
  const person = await personNamed(ctx, personName);
  const before = await store.methodRows(ctx, [person.id]);
  const was = (await reachOf(ctx, [person.id])).get(person.id);
  const labels = reach.contact_methods.map((method) => method.label);
  const twice = labels.findIndex((label, index) => labels.indexOf(label) !== index);
  if (twice >= 0) throw invalid(`two methods are labelled ${labels[twice]}`, `contact_methods.${twice}.label`);
  for (const urgency of ['high', 'low'] as const)
    for (const [index, step] of reach.notification_rules[urgency].entries()) {
      const missing = step.methods.find((label) => !labels.includes(label));
      if (missing)
        throw invalid(
          `${personName} has no contact method labelled ${missing}`,
          `notification_rules.${urgency}.${index}.methods`,
        );
    }
  const mayVouch = ctx.actor.kind === 'system' || ('role' in ctx.actor && ctx.actor.role === 'administrator');
  for (const [index, method] of reach.contact_methods.entries()) {
    const address = normalize(method.channel, method.address, `contact_methods.${index}.address`);
    const known = before.find((row) => row.label === method.label && row.channel === method.channel && row.address === address);
    const vouched = method.verified === true && mayVouch;
    await store.upsertMethod(ctx, {
      person_id: person.id,
      label: method.label,
      channel: method.channel,
      address,
      verified_at: known?.verified_at ?? (vouched ? ctx.now : null),
    });
  }
  await store.keepMethods(ctx, person.id, labels);
  await store.replaceRules(ctx, person.id, [
    { urgency: 'high', steps: reach.notification_rules.high },
    { urgency: 'low', steps: reach.notification_rules.low },
  ]);
  await journal(ctx, {
    type: 'person.reach_saved',
    subject: { type: 'person', id: person.id },
    text: `How ${person.display_name} is reached was saved: ${reach.contact_methods.map((method) => `${method.label} (${method.channel})`).join(', ') || 'mail only'}`,
    data: {
      methods: reach.contact_methods.map(({ label, channel }) => ({ label, channel })),
      rules: reach.notification_rules,
      changes: changesOf(was && compared(was), compared(reach)),
    },
  });
};

/** Takes every contact method and rule of a person away. An unverified one would be tried as well. Listens to `person.replaced`. */
export const forgetReach = async (ctx: Ctx, { id }: { id: string }): Promise<void> => {
  const was = (await reachOf(ctx, [id])).get(id);
  await store.keepMethods(ctx, id, []);
  await store.replaceRules(ctx, id, []);
  if (was && was.contact_methods.length > 0)
    await journal(ctx, {
      type: 'person.reach_saved',
      subject: { type: 'person', id },
      text: 'The contact methods of one who left were taken away',
      data: { changes: changesOf(compared(was), { contact_methods: [], notification_rules: { high: [], low: [] } }) },
    });
};

/** An address is masked as others see it: the journal keeps it for years. That it changed shows by its last figures. */
const compared = ({ contact_methods, notification_rules }: Pick<Person, 'contact_methods' | 'notification_rules'>) => ({
  contact_methods: contact_methods.map(({ label, channel, address }) => ({
    label,
    channel,
    address: maskAddress(channel, address),
  })),
  notification_rules,
});

const normalize = (channel: ChannelName, address: string, field: string): string => {
  try {
    return channels[channel].normalizeAddress(address);
  } catch (thrown) {
    if (thrown instanceof AppError) throw invalid(thrown.message, field);
    throw thrown;
  }
};

/** Contact methods and rules of people, by person id. */
export const reachOf = async (ctx: Ctx, personIds: string[]) => {
  const methods = await store.methodRows(ctx, personIds);
  const rules = await store.ruleRows(ctx, personIds);
  return new Map(
    personIds.map((id) => {
      const steps = (urgency: string) =>
        rules
          .filter((rule) => rule.person_id === id && rule.urgency === urgency)
          .map(({ after_seconds, methods: labels }) => ({ after_seconds, methods: labels }));
      const own = methods.filter((row) => row.person_id === id);
      return [
        id,
        {
          contact_methods: own.map((row) => ({
            label: row.label,
            channel: row.channel as ChannelName,
            address: row.address,
            verified: row.verified_at !== null,
          })),
          notification_rules: { high: steps('high'), low: steps('low') },
          problems: own.filter((row) => row.disabled_reason).map((row) => `${row.label}: ${row.disabled_reason}`),
        },
      ] as const;
    }),
  );
};

const methodLabelled = async (ctx: Ctx, personName: string, label: string): Promise<store.MethodRow> => {
  const person = await personNamed(ctx, personName);
  const row = (await store.methodRows(ctx, [person.id])).find((method) => method.label === label);
  if (!row) throw notFound(`Contact method ${label} of ${personName}`);
  return row;
};

/** Sends a code to a contact method; it may come back within 15 minutes. */
export const sendCode = async (ctx: Ctx, personName: string, label: string): Promise<void> => {
  allowReach(ctx, personName);
  const method = await methodLabelled(ctx, personName, label);
  await store.setCodeExpiry(ctx, method.id, Temporal.Instant.fromEpochMilliseconds(ctx.now.add(CODE_LIFE).epochMilliseconds));
  await ctx.enqueue('paging.send_direct', [{ data: { person_id: method.person_id, method_id: method.id } }]);
  await journal(ctx, {
    type: 'contact_method.code_sent',
    subject: { type: 'person', id: method.person_id },
    text: `A code is on its way to ${label}`,
    data: { label },
  });
};

/** The code came back: the method is verified. Five wrong tries end it. */
export const confirmCode = async (ctx: Ctx, personName: string, label: string, code: string): Promise<boolean> => {
  allowReach(ctx, personName);
  const method = await methodLabelled(ctx, personName, label);
  if (!method.code_expires_at || Temporal.Instant.compare(method.code_expires_at, ctx.now) < 0)
    throw invalid('there is no valid code: ask for a new one', 'code');
  if (method.code_tries >= MAX_TRIES) throw invalid('five wrong tries: ask for a new code', 'code');
  if (verificationCode(ctx.secret, method, method.code_expires_at) !== code.replace(/\D/g, '')) {
    await store.countTry(ctx, method.id);
    return false;
  }
  await store.setVerified(ctx, method.id);
  await journal(ctx, {
    type: 'contact_method.verified',
    subject: { type: 'person', id: method.person_id },
    text: `${label} of ${personName} is verified`,
    data: { label },
  });
  return true;
};

/** A test page that somebody asks for by hand may be confirmed within so many hours. */
const TEST_HOURS = 4;

/** Sends a test page through every usable method of a person, to be acknowledged. Results come as journal entries of the person. */
export const testPage = async (ctx: Ctx, personName: string): Promise<{ methods: string[] }> => {
  if (!(ctx.actor.kind === 'person' && ctx.actor.name === personName)) allow(ctx, 'team.write');
  const person = await personNamed(ctx, personName);
  const on_date = ctx.now.toZonedDateTimeISO(person.time_zone).toPlainDate().toString();
  const [made] = await openTestPages(ctx, [{ person, on_date }], { plan: null, hours: TEST_HOURS });
  return { methods: made?.methods ?? [] };
};

/** Sends the code that proves an address. Its result is journalled on the person. */
export const sendDirect = async (
  outside: Outside,
  { person_id, method_id }: { person_id: string; method_id: string },
): Promise<void> => {
  const prepared = await outside.transaction(async (ctx) => {
    const [person] = await peopleByIds(ctx, [person_id]);
    const row = (await store.methodRows(ctx, [person_id])).find((method) => method.id === method_id);
    if (!person || !row?.code_expires_at) return undefined;
    const channel = row.channel as ChannelName;
    const code = verificationCode(ctx.secret, row, row.code_expires_at);
    const { locale } = person;
    const text = say(locale, 'code.line', { code });
    const message: Message = {
      kind: 'verification',
      idempotencyKey: crypto.randomUUID(),
      subject: say(locale, 'code.subject', { code }),
      short: text,
      // Figure by figure, as one writes them down.
      spoken: say(locale, 'code.line', { code: [...code].join(', ') }),
      body: `${text}. ${say(locale, 'code.life')}`,
      facts: [{ label: say(locale, 'test.for'), value: person.display_name }],
      code,
      locale,
    };
    return {
      channel,
      address: row.address,
      label: row.label,
      person,
      message,
      providers: await providersLeft(ctx, await readSettings(ctx), channel, []),
    };
  });
  if (!prepared) return;
  const { channel, address, label, person, message, providers } = prepared;
  let result: SendResult = { outcome: 'refused', reason: `no ${channel} provider is set up` };
  let vendor: string | null = null;
  // Until one takes it: who waits for a code asks for another soon enough.
  for (const provider of providers) {
    vendor = provider.vendor;
    result = await sendBy(outside, provider, channel, address, message);
    if (result.outcome === 'sent') break;
  }
  await outside.transaction((ctx) =>
    journal(ctx, {
      type: result.outcome === 'sent' ? 'person.message_sent' : 'person.message_failed',
      subject: { type: 'person', id: person.id },
      text: `Code to ${label}: ${result.outcome === 'sent' ? `${isVendor(vendor) ? VENDORS[vendor] : 'the provider'} took it` : result.reason}`,
      data: { label, channel, vendor, kind: 'verification', outcome: result.outcome },
    }),
  );
};
