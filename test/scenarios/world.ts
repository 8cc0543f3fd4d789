import { afterEach, expect } from 'vitest';
import { receive } from '../../src/server/alerts/actions.ts';
import type { Outcome, Signal } from '../../src/server/alerts/types.ts';
import type { FakeRequest } from '../fakes/http-fake.ts';
import { type FakeNotification, startNtfy } from '../fakes/ntfy.ts';
import { type FakeMail, startSmtp } from '../fakes/smtp.ts';
import { type FakeCall, type FakeSms, startTwilio } from '../fakes/twilio.ts';
import { startWebhook } from '../fakes/webhook.ts';
import { startServer } from '../harness.ts';

/** How a person of a scenario is reached, and what else differs from the ordinary. Methods are tried in the order given. */
export type Someone = {
  by?: ('sms' | 'call' | 'mail' | 'ntfy' | 'webhook')[];
  rules?: { high?: Rule[]; low?: Rule[] };
  unverified?: boolean;
  time_zone?: string;
  quiet_hours?: { from: string; to: string };
  active?: boolean;
};
/** Labels are the words of `by`. */
type Rule = { after_seconds?: number; methods: string[] };
type Json = Record<string, unknown>;
type Setting = {
  at?: string;
  /** Escalation steps; by default everybody in turn, five minutes each. */
  steps?: Json[];
  policy?: Json;
  /** What differs in the service `db`. */
  service?: Json;
  settings?: Json;
};
export type Incident = {
  id: string;
  number: string;
  title: string;
  status: string;
  severity: string;
  urgency: string;
  assignees: string[];
  alert_count: number;
  open_alert_count: number;
  acknowledged_by: string | null;
  snoozed_until: string | null;
  merged_into: string | null;
  escalation: { state: string; step: number; of: number; round: number; next_at: string | null } | null;
};
export type Alert = Json & {
  id: string;
  count: number;
  disposition: string;
  incident: string | null;
  reason: string;
  status: string;
};
type Entry = { at: string; actor: string; type: string; text: string; data: Json };
type Trace = {
  summary: string;
  steps: { at: string; step: string; title: string; result: string; why: string; details?: Json }[];
};

type Received = { person: string; channel: 'sms' | 'call' | 'mail' | 'ntfy' | 'webhook'; text: string; raw: unknown };

const CHANNEL = { sms: 'sms', call: 'voice', mail: 'email', ntfy: 'ntfy', webhook: 'webhook' } as const;
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of at least twenty-four bytes').toString('base64')}`;
const REPLIES = 'replies@allclear.test';

const ending: (() => Promise<void>)[] = [];
const unexpected: (() => string[])[] = [];
afterEach(async () => {
  const found = unexpected.splice(0).flatMap((look) => look());
  for (const end of ending.splice(0)) await end();
  expect(found, 'messages nobody expected').toEqual([]);
});

const startFakes = async () => {
  const [smtp, twilio, ntfy, webhook] = await Promise.all([startSmtp(), startTwilio(), startNtfy(), startWebhook()]);
  ending.push(smtp.stop, twilio.stop, ntfy.stop, webhook.stop);
  return { smtp, twilio, ntfy, webhook };
};

/**
 * A team, its service `db` with a policy, and providers that write down what they are given. Every message must be
 * asked for by `expectSms`, `expectCall`, `expectMail`, `expectPush` or `expectWebhook`: one left over fails the test.
 */
export const aTeam = async (people: Record<string, Someone>, setting: Setting = {}) => {
  const world = await startServer(setting.at ? { at: setting.at } : {});
  const { smtp, twilio, ntfy, webhook } = await startFakes();
  const { call } = world;
  const names = Object.keys(people);

  const twilioAccount = {
    account_sid: twilio.account.sid,
    auth_token: twilio.account.authToken,
    base_url: twilio.url,
    from: '+3197010000000',
  };
  const settings = (changes: Json = {}) =>
    call('PUT', '/api/settings', {
      channels: {
        email: {
          host: '127.0.0.1',
          port: smtp.port,
          security: 'none',
          from: 'Allclear <pager@allclear.test>',
          reply_to: REPLIES,
        },
        sms: twilioAccount,
        voice: twilioAccount,
        ntfy: { server: ntfy.url },
        webhook: { secret: WEBHOOK_SECRET },
      },
      bundle_seconds: 0,
      ...changes,
    });
  await settings(setting.settings);

  const addressOf = (name: string, way: keyof typeof CHANNEL): string => {
    const nth = String(names.indexOf(name) + 1).padStart(8, '0');
    return {
      sms: `+316${nth}`,
      call: `+317${nth}`,
      mail: `${name}@example.com`,
      ntfy: `topic-${name}`,
      webhook: `${webhook.url}/${name}`,
    }[way];
  };
  const ways = Object.keys(CHANNEL) as (keyof typeof CHANNEL)[];
  const personAt = (address: string): string =>
    names.find((name) => ways.some((way) => addressOf(name, way) === address)) ?? address;
  const savePerson = async (name: string, someone: Someone): Promise<void> => {
    if (!names.includes(name)) names.push(name);
    await call('PUT', `/api/people/${name}`, {
      display_name: name[0]?.toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      time_zone: someone.time_zone ?? 'UTC',
      active: someone.active ?? true,
      contact_methods: (someone.by ?? []).map((way) => ({
        label: way,
        channel: CHANNEL[way],
        address: addressOf(name, way),
        verified: !someone.unverified,
      })),
      notification_rules: { high: someone.rules?.high ?? [], low: someone.rules?.low ?? [] },
      ...(someone.quiet_hours ? { quiet_hours: someone.quiet_hours } : {}),
    });
  };
  for (const [name, someone] of Object.entries(people)) await savePerson(name, someone);

  const savePolicy = (name: string, policy: Json) => call('PUT', `/api/escalation-policies/${name}`, policy);
  const saveService = async (name: string, service: Json = {}): Promise<void> => {
    await call('PUT', `/api/services/${name}`, service);
    await world.system((ctx) =>
      ctx.tx
        .insertInto('integrations')
        .columns(['name', 'service_id', 'kind', 'key'])
        .expression((eb) =>
          eb
            .selectFrom('services')
            .select((on) => [
              on.val(`${name}-monitor`).as('name'),
              'services.id',
              on.val('generic').as('kind'),
              on.val(`key-of-${name}`).as('key'),
            ])
            .where('services.name', '=', name),
        )
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute(),
    );
  };
  const inTurn = names.map((person) => ({ targets: [{ person }], escalate_after_seconds: 300 }));
  await savePolicy('turns', { steps: setting.steps ?? inTurn, repeat: 0, ...setting.policy });
  await saveService('db', { escalation_policy: 'turns', ...setting.service });

  // ---- alerts

  const signalOf = (
    key: string,
    action: Signal['action'],
    about: Partial<Signal> & { service?: string },
    id: string,
  ): Signal => ({
    integrationId: id,
    action,
    dedupKey: key,
    summary: `${key} is wrong`,
    severity: 'critical',
    source: 'monitor',
    labels: {},
    links: [],
    images: [],
    raw: { key, action, ...about },
    ...about,
  });
  type About = Partial<Signal> & { service?: string };
  /** Several signals that arrive together; does what they make due. */
  const arrive = async (list: { key: string; action?: Signal['action']; about?: About }[]): Promise<Outcome[]> => {
    const outcomes = await world.system(async (ctx) => {
      const rows = await ctx.tx.selectFrom('integrations').select(['id', 'name']).execute();
      const idOf = (service = 'db') => rows.find((row) => row.name === `${service}-monitor`)?.id ?? '';
      return receive(
        ctx,
        list.map(({ key, action, about }) => signalOf(key, action ?? 'trigger', about ?? {}, idOf(about?.service))),
      );
    });
    await world.settle();
    return outcomes;
  };
  const one = async (key: string, action: Signal['action'], about: About = {}): Promise<Outcome> =>
    (await arrive([{ key, action, about }]))[0] as Outcome;

  // ---- what people got

  const taken = new Set<unknown>();
  const received = (): Received[] => [
    ...twilio.received.map(
      (raw): Received =>
        raw.kind === 'sms'
          ? { person: personAt(raw.to), channel: 'sms', text: raw.body, raw }
          : { person: personAt(raw.to), channel: 'call', text: raw.said.join(' '), raw },
    ),
    ...smtp.received.map(
      (raw): Received => ({
        person: personAt(raw.to[0] ?? ''),
        channel: 'mail',
        text: `${raw.mail.subject}\n${raw.mail.text}`,
        raw,
      }),
    ),
    ...ntfy.received.map(
      (raw): Received => ({ person: personAt(raw.topic), channel: 'ntfy', text: `${raw.title}\n${raw.message}`, raw }),
    ),
    ...webhook.received.map((raw): Received => ({ person: raw.path.slice(1), channel: 'webhook', text: raw.body, raw })),
  ];
  const left = () => received().filter((message) => !taken.has(message.raw));
  const shown = (messages: Received[]) =>
    messages.map(({ person, channel, text }) => `${channel} to ${person}: ${text.slice(0, 120)}`);
  unexpected.push(() => shown(left()));
  const take = <T>(channel: Received['channel'], person: string, text: RegExp): T => {
    const found = left().find((message) => message.channel === channel && message.person === person && text.test(message.text));
    expect(found, `${channel} to ${person} with ${text}; there is: ${shown(left()).join(' | ') || 'nothing'}`).toBeDefined();
    taken.add(found?.raw);
    return found?.raw as T;
  };

  const incidents = async (query = ''): Promise<Incident[]> =>
    (await call<{ items: Incident[] }>('GET', `/api/incidents${query}`)).items;
  /** The newest incident, or the one of this number. */
  const incident = async (number?: string): Promise<Incident> =>
    number ? call<Incident>('GET', `/api/incidents/${number}`) : ((await incidents())[0] as Incident);
  const timeline = async (number?: string): Promise<Entry[]> =>
    (await call<{ items: Entry[] }>('GET', `/api/incidents/${(await incident(number)).number}/timeline?limit=200`)).items;

  return {
    ...world,
    smtp,
    twilio,
    ntfy,
    webhook,
    settings,
    savePerson,
    savePolicy,
    saveService,
    addressOf,
    /** Time passes at once: only what is due at its end is done. For long stretches in which nothing happens. */
    jump: async (duration: string): Promise<void> => {
      await world.clock.setTime(world.now().add(Temporal.Duration.from(`PT${duration.toUpperCase()}`)).epochMilliseconds);
      await world.settle();
    },
    arrive,
    alertFires: (key: string, about?: About) => one(key, 'trigger', about),
    alertResolves: (key: string, about?: About) => one(key, 'resolve', about),
    alertIsAcknowledged: (key: string, about?: About) => one(key, 'acknowledge', about),
    alerts: async (query = ''): Promise<Alert[]> => (await call<{ items: Alert[] }>('GET', `/api/alerts${query}`)).items,
    incidents,
    incident,
    timeline,
    /** The types of the timeline's entries, in order. */
    story: async (number?: string): Promise<string[]> => (await timeline(number)).map((entry) => entry.type),
    trace: async (number?: string): Promise<Trace> =>
      call<Trace>('GET', `/api/incidents/${(await incident(number)).number}/trace`),
    /** A verb on an incident, by the API, and what that makes due. */
    does: async (verb: string, body: Json = {}, number?: string): Promise<Incident> => {
      const done = await call<Incident>('POST', `/api/incidents/${(await incident(number)).number}/${verb}`, body);
      await world.settle();
      return done;
    },
    /** A token that acts as this person. */
    tokenOf: async (person: string, role = 'responder'): Promise<Record<string, string>> => {
      const made = await call<{ token: string }>('POST', '/api/tokens', { name: `token-of-${person}`, role, person });
      return { authorization: `Bearer ${made.token}` };
    },
    expectSms: (person: string, text = /./) => take<FakeSms>('sms', person, text),
    expectCall: (person: string, text = /./) => take<FakeCall>('call', person, text),
    expectMail: (person: string, text = /./) => take<FakeMail>('mail', person, text),
    expectPush: (person: string, text = /./) => take<FakeNotification>('ntfy', person, text),
    expectWebhook: (path: string, text = /./) => take<FakeRequest>('webhook', path, text),
    /** Nobody got anything since the last message that was expected. */
    expectNothing: () => expect(shown(left()), 'messages nobody expected').toEqual([]),
    /** How many messages wait to be expected. */
    messagesLeft: () => left().length,
    /** Everything so far is as it should be. */
    ignoreMessages: () => {
      for (const message of left()) taken.add(message.raw);
    },
    /** The secret link of a message, as a path. */
    linkIn: (text: string): string => /\/p\/[\w-]+/.exec(text)?.[0] ?? 'no link',
    /** A row count of every table. */
    tables: async (): Promise<Record<string, number>> =>
      world.system(async (ctx) => {
        const names = (await ctx.tx
          .selectFrom('pg_stat_user_tables' as never)
          .select(['schemaname', 'relname'] as never)
          .execute()) as { schemaname: string; relname: string }[];
        const counts: Record<string, number> = {};
        for (const { schemaname, relname } of names) {
          const { n } = (await ctx.tx
            .selectFrom(`${schemaname}.${relname}` as never)
            .select((eb) => eb.fn.countAll().as('n'))
            .executeTakeFirstOrThrow()) as { n: string };
          counts[`${schemaname}.${relname}`] = Number(n);
        }
        return counts;
      }),
  };
};
export type Team = Awaited<ReturnType<typeof aTeam>>;
