import { sql } from 'kysely';
import pg from 'pg';
import { expect, vi } from 'vitest';
import type { FakeRequest } from '../fakes/http-fake.ts';
import { type FakeNotification, startNtfy } from '../fakes/ntfy.ts';
import { type PlivoCall, type PlivoSms, startPlivo } from '../fakes/plivo.ts';
import { type FakeSlackMessage, startSlack } from '../fakes/slack.ts';
import { type FakeMail, startSmtp } from '../fakes/smtp.ts';
import { type FakeCall, type FakeSms, startTwilio } from '../fakes/twilio.ts';
import { startWebhook } from '../fakes/webhook.ts';
import { startServer, whenOver } from '../harness.ts';

/** How a person of a scenario is reached, and what else differs from the ordinary. Methods are tried in the order given. */
export type Someone = {
  by?: ('sms' | 'call' | 'mail' | 'ntfy' | 'slack' | 'webhook')[];
  rules?: { high?: Rule[]; low?: Rule[] };
  unverified?: boolean;
  time_zone?: string;
  locale?: string;
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
  /** SMS and calls go by Plivo where Twilio fails. */
  twoVendors?: boolean;
  /** Whether changes of who is on call are told; by default schedules say that they are not. */
  handoffs?: boolean;
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

type Received = {
  person: string;
  channel: 'sms' | 'call' | 'mail' | 'ntfy' | 'slack' | 'webhook' | 'sms by Plivo' | 'call by Plivo';
  text: string;
  raw: unknown;
};

const CHANNEL = { sms: 'sms', call: 'voice', mail: 'email', ntfy: 'ntfy', slack: 'slack', webhook: 'webhook' } as const;
export const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of at least twenty-four bytes').toString('base64')}`;
/** What the monitoring of these scenarios sends; fields it does not name become labels. */
const MAPPING = {
  summary: '$.summary',
  severity: '$.severity',
  dedup_key: '$.key',
  action: '$.action',
  links: [{ href: '$.dashboard', text: 'Dashboard' }],
  images: [{ src: '$.graph', alt: 'Graph' }],
};
const keyOf = (service: string): string => `key-of-${service}`;
type Action = 'trigger' | 'acknowledge' | 'resolve';
type About = { service?: string; summary?: string; severity?: string; labels?: Record<string, string> } & Json;
const REPLIES = 'replies@allclear.test';

const ending: (() => Promise<void>)[] = [];
const unexpected: (() => string[])[] = [];
const endAll = async (): Promise<void> => {
  const found = unexpected.splice(0).flatMap((look) => look());
  for (const end of ending.splice(0)) await end();
  expect(found, 'messages nobody expected').toEqual([]);
};

const startFakes = async () => {
  const [smtp, twilio, plivo, ntfy, slack, webhook] = await Promise.all([
    startSmtp(),
    startTwilio(),
    startPlivo(),
    startNtfy(),
    startSlack([]),
    startWebhook(),
  ]);
  ending.push(smtp.stop, twilio.stop, plivo.stop, ntfy.stop, slack.stop, webhook.stop);
  return { smtp, twilio, plivo, ntfy, slack, webhook };
};

/**
 * A team, its service `db` with a policy, and providers that write down what they are given. Every message must be
 * asked for by `expectSms`, `expectCall`, `expectMail`, `expectPush`, `expectSlack` or `expectWebhook`: one left over fails the test.
 */
export const aTeam = async (people: Record<string, Someone>, setting: Setting = {}) => {
  const world = await startServer(setting.at ? { at: setting.at } : {});
  whenOver(endAll);
  const { smtp, twilio, plivo, ntfy, slack, webhook } = await startFakes();
  /** Of a schedule that says nothing of handoffs, it is said that there are none: few scenarios are about them. */
  const call = <T = Json>(method: string, path: string, body?: unknown): Promise<T> =>
    world.call<T>(
      method,
      path,
      !setting.handoffs && method === 'PUT' && /^\/api\/schedules\/[^/]+$/.test(path)
        ? { handoff: { on: false }, ...(body as Json) }
        : body,
    );
  const names = Object.keys(people);

  const twilioAccount = {
    account_sid: twilio.account.sid,
    auth_token: twilio.account.authToken,
    base_url: twilio.url,
    from: '+3197010000000',
    ...(setting.twoVendors
      ? {
          next: {
            vendor: 'plivo',
            auth_id: plivo.account.id,
            auth_token: plivo.account.authToken,
            base_url: plivo.url,
            from: '+3197010000001',
          },
        }
      : {}),
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
        slack: slack.app,
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
      slack: `U0${nth}`,
      webhook: `${webhook.url}/${name}`,
    }[way];
  };
  const ways = Object.keys(CHANNEL) as (keyof typeof CHANNEL)[];
  const personAt = (address: string): string =>
    names.find((name) => ways.some((way) => addressOf(name, way) === address)) ?? address;
  const savePerson = async (name: string, someone: Someone): Promise<void> => {
    if (!names.includes(name)) names.push(name);
    const member = { id: addressOf(name, 'slack'), email: `${name}@example.com` };
    if (!slack.members.some(({ id }) => id === member.id)) slack.members.push(member);
    await call('PUT', `/api/people/${name}`, {
      display_name: name[0]?.toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      time_zone: someone.time_zone ?? 'UTC',
      ...(someone.locale ? { locale: someone.locale } : {}),
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
  /** A service and the generic integration that its monitoring sends to. */
  const saveService = async (name: string, service: Json = {}): Promise<void> => {
    await call('PUT', `/api/services/${name}`, service);
    await call('PUT', `/api/integrations/${name}-monitor`, {
      service: name,
      kind: 'generic',
      key: keyOf(name),
      mapping: MAPPING,
    });
  };
  const inTurn = names.map((person) => ({ targets: [{ person }], escalate_after_seconds: 300 }));
  await savePolicy('turns', { steps: setting.steps ?? inTurn, repeat: 0, ...setting.policy });
  await saveService('db', { escalation_policy: 'turns', ...setting.service });

  // ---- alerts

  type Newest = { id: string; count: number; status: string; acknowledged: boolean; disposition: string; of: number };
  const newestOf = (key: string, service: string): Promise<Newest | undefined> =>
    world.system(async ({ tx }) => {
      const { rows } = await sql<Newest>`
        select a.id, a.count, a.status, a.acknowledged, a.disposition, i.alert_count as of
        from alerts a join integrations g on g.id = a.integration_id left join incidents i on i.id = a.incident_id
        where a.dedup_key = ${key} and g.name = ${`${service}-monitor`} order by a.id desc limit 1`.execute(tx);
      return rows[0];
    });
  const outcomeOf = (before: Newest | undefined, after: Newest | undefined): string => {
    if (!after) return 'ignored';
    if (before?.id === after.id) {
      if (before.count < after.count) return 'repeated';
      if (before.status !== after.status) return 'resolved';
      return before.acknowledged === after.acknowledged ? 'ignored' : 'acknowledged';
    }
    if (after.disposition === 'silenced' || after.disposition === 'dropped') return after.disposition;
    return after.of === 1 ? 'opened' : 'joined';
  };
  /** Events that arrive in one request of the service's monitoring; does what they make due. */
  const arrive = async (list: { key: string; action?: Action; about?: About }[], service = 'db'): Promise<void> => {
    const response = await world.request(
      'POST',
      `/hooks/generic/${keyOf(service)}`,
      list.map(({ key, action = 'trigger', about: { labels, service: _, ...about } = {} }) => ({
        summary: `${key} is wrong`,
        severity: 'critical',
        ...labels,
        ...about,
        key,
        action,
      })),
    );
    expect(response.status, await response.text()).toBe(202);
    await world.settle();
  };
  /** One event; answers what became of it. */
  const one = async (key: string, action: Action, about: About = {}): Promise<string> => {
    const before = await newestOf(key, about.service ?? 'db');
    await arrive([{ key, action, about }], about.service);
    return outcomeOf(before, await newestOf(key, about.service ?? 'db'));
  };

  // ---- what people got

  const taken = new Set<unknown>();
  const received = (): Received[] => [
    ...twilio.received.map(
      (raw): Received =>
        raw.kind === 'sms'
          ? { person: personAt(raw.to), channel: 'sms', text: raw.body, raw }
          : { person: personAt(raw.to), channel: 'call', text: raw.said.join(' '), raw },
    ),
    ...plivo.received.map(
      (raw): Received =>
        raw.kind === 'sms'
          ? { person: personAt(raw.to), channel: 'sms by Plivo', text: raw.body, raw }
          : { person: personAt(raw.to), channel: 'call by Plivo', text: raw.said.join(' '), raw },
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
    ...slack.received.map((raw): Received => ({ person: personAt(raw.member), channel: 'slack', text: raw.text, raw })),
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
    call,
    smtp,
    twilio,
    plivo,
    ntfy,
    slack,
    webhook,
    settings,
    savePerson,
    /** Deactivates someone whatever counts on her: as the server refuses to, but an old installation may have her. */
    leaves: (name: string) =>
      world.system((ctx) => ctx.tx.updateTable('people').set({ active: false }).where('name', '=', name).execute()),
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
    expectPlivoSms: (person: string, text = /./) => take<PlivoSms>('sms by Plivo', person, text),
    expectPlivoCall: (person: string) => take<PlivoCall>('call by Plivo', person, /^/),
    expectMail: (person: string, text = /./) => take<FakeMail>('mail', person, text),
    expectPush: (person: string, text = /./) => take<FakeNotification>('ntfy', person, text),
    expectSlack: (person: string, text = /./) => take<FakeSlackMessage>('slack', person, text),
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
    /** How many statements PostgreSQL is asked to do the work. */
    countStatements: async (work: () => Promise<unknown>): Promise<number> => {
      const query = vi.spyOn(pg.Client.prototype, 'query');
      try {
        await work();
        return query.mock.calls.length;
      } finally {
        query.mockRestore();
      }
    },
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
