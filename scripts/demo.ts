/**
 * A throw-away installation with a believable organisation, three months of history and a live trickle of alerts, signed in.
 * Ends with Ctrl-C and leaves nothing behind. No message leaves this machine: mail, calls and pushes go to servers of its own.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { createApp } from '../src/server/app.ts';
import { createToken } from '../src/server/identity/actions.ts';
import { systemClock } from '../src/server/platform/clock.ts';
import { SYSTEM } from '../src/server/platform/ctx.ts';
import { startEmbeddedPostgres } from '../src/server/platform/embedded-postgres.ts';
import { createLogger } from '../src/server/platform/log.ts';
import { work } from '../src/server/platform/worker.ts';
import { startNtfy } from '../test/fakes/ntfy.ts';
import { startSmtp } from '../test/fakes/smtp.ts';
import { startTwilio } from '../test/fakes/twilio.ts';
import { payloadOf } from './demo/history.ts';
import { liveThrough } from './demo/live-through.ts';
import { keyOf, PEOPLE, policyOf, ROUTING, SERVICES, schedulesOf, TEAMS, VISITOR } from './demo/organisation.ts';
import { randomFrom } from './demo/random.ts';

const PORT = Number(process.env.ALLCLEAR_PORT ?? 8090);
const PASSWORD = 'tidewell by night';
const publicUrl = `http://localhost:${PORT}`;
const say = (text: string) => process.stdout.write(`${text}\n`);
const ends: (() => Promise<unknown>)[] = [];
const end = async (code: number): Promise<never> => {
  for (const one of ends.splice(0).reverse()) await one().catch(() => undefined);
  process.exit(code);
};
process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));

const set = async (app: Awaited<ReturnType<typeof createApp>>, token: string): Promise<void> => {
  const call = async (method: string, path: string, body: unknown) => {
    const response = await app.fetch(
      new Request(`${publicUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-allclear-client': 'cli' },
        body: JSON.stringify(body),
      }),
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : {}) as { url?: string };
  };
  const [smtp, twilio, ntfy] = await Promise.all([startSmtp(), startTwilio(), startNtfy()]);
  ends.push(smtp.stop, twilio.stop, ntfy.stop);
  const account = {
    account_sid: twilio.account.sid,
    auth_token: twilio.account.authToken,
    base_url: twilio.url,
    from: '+31970102030',
  };
  await call('PUT', '/api/settings', {
    channels: {
      email: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'Allclear <pager@tidewell.example>' },
      sms: account,
      voice: account,
      ntfy: { server: ntfy.url },
    },
    bundle_seconds: 60,
  });
  for (const [index, person] of PEOPLE.entries()) {
    const digits = String(index + 1).padStart(8, '0');
    const pages = person.role !== 'stakeholder' && person.role !== 'observer';
    await call('PUT', `/api/people/${person.name}`, {
      display_name: person.title,
      email: `${person.name}@tidewell.example`,
      role: person.role ?? 'responder',
      time_zone: person.zone,
      ...(person.quiet ? { quiet_hours: person.quiet } : {}),
      contact_methods: pages
        ? [
            { label: 'push', channel: 'ntfy', address: `tidewell-${person.name}`, verified: true },
            // Sanne can be reached one way only: readiness says so.
            ...(person.name === 'sanne'
              ? []
              : [
                  { label: 'phone', channel: 'sms', address: `+316${digits}`, verified: person.name !== 'luis' },
                  { label: 'call', channel: 'voice', address: `+316${digits}`, verified: person.name !== 'luis' },
                ]),
            { label: 'mail', channel: 'email', address: `${person.name}@tidewell.example`, verified: true },
          ]
        : [],
      notification_rules:
        pages && person.name !== 'sanne'
          ? {
              high: [
                { after_seconds: 0, methods: ['push'] },
                { after_seconds: 60, methods: ['phone'] },
                { after_seconds: 120, methods: ['call'] },
              ],
              low: [{ after_seconds: 0, methods: ['push'] }],
            }
          : {},
    });
  }
  const firstMonday = Temporal.Now.plainDateISO('UTC').subtract({ days: 120 });
  const starts = firstMonday.subtract({ days: firstMonday.dayOfWeek - 1 }).toString();
  for (const team of TEAMS)
    await call('PUT', `/api/teams/${team.name}`, { title: team.title, lead: team.lead, members: team.members });
  for (const { name, ...schedule } of schedulesOf(starts)) await call('PUT', `/api/schedules/${name}`, schedule);
  for (const team of TEAMS) await call('PUT', `/api/escalation-policies/${team.name}`, policyOf(team));
  for (const service of SERVICES) {
    await call('PUT', `/api/services/${service.name}`, {
      title: service.title,
      description: service.description,
      team: service.team,
      escalation_policy: service.team,
      grouping: { by: ['alertname'], window_seconds: 900 },
      acknowledge_timeout_seconds: 4 * 3600,
      ...(service.team === 'data'
        ? {
            support_hours: {
              time_zone: 'Europe/Dublin',
              hours: [{ from: '08:00', to: '19:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
              urgency_outside: 'low',
            },
          }
        : {}),
    });
    await call('PUT', `/api/integrations/${service.name}`, {
      service: service.name,
      kind: service.kind,
      key: keyOf(service.name),
    });
  }
  await call('PUT', '/api/services/loyalty', {
    title: 'Loyalty points',
    description: 'New, and paged for by nobody yet.',
    team: 'commerce',
  });
  await call('PUT', '/api/routing', { items: ROUTING });
  await call('POST', '/api/silences', {
    kind: 'maintenance',
    comment: 'Database upgrades, every Sunday night',
    services: ['postgres'],
    recurs: { time_zone: 'Europe/Berlin', days: ['sun'], from: '02:00', to: '04:00' },
  });
  await call('PUT', '/api/heartbeats/nightly-backup', {
    integration: 'postgres',
    interval_seconds: 90_000,
    summary: 'The nightly backup did not run',
  });
  const { url } = await call('POST', `/api/people/${VISITOR}/invite`, {});
  const joined = await app.fetch(
    new Request(`${publicUrl}/api/invitations/${url?.split('/').at(-1)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl },
      body: JSON.stringify({ password: PASSWORD }),
    }),
  );
  if (!joined.ok) throw new Error(await joined.text());
};

/** Every half a minute or so something happens. */
const trickle = (): void => {
  const random = randomFrom(Date.now());
  const firing: { story: Parameters<typeof payloadOf>[0]; until: number }[] = [];
  const timer = setInterval(() => {
    const now = Date.now();
    const post = (story: Parameters<typeof payloadOf>[0], status: 'firing' | 'resolved') => {
      const { path, body } = payloadOf(story, 0, status, now);
      void fetch(`${publicUrl}/hooks/${path}/${keyOf(story.service.name)}`, { method: 'POST', body: JSON.stringify(body) }).catch(
        () => undefined,
      );
    };
    for (const one of firing.splice(0)) {
      if (one.until > now) {
        firing.push(one);
        if (random.chance(0.3)) post(one.story, 'firing');
      } else post(one.story, 'resolved');
    }
    if (firing.length < 4 && random.chance(0.25)) {
      const service = random.pick(SERVICES);
      const story = {
        service,
        trouble: random.pick(service.troubles),
        instances: [`${service.name}-9`],
        env: random.chance(0.2) ? 'staging' : 'production',
      };
      firing.push({ story, until: now + random.between(60_000, 400_000) });
      post(story, 'firing');
    }
  }, 15_000);
  ends.push(async () => clearInterval(timer));
};

/** A door that puts the session's cookie into the browser and sends it on; cookies of a host hold on all of its ports. */
const openDoor = async (cookies: string[]): Promise<string> => {
  const server = createServer((request, response) => {
    if (request.url !== '/') return void response.writeHead(404).end();
    response.writeHead(302, { 'set-cookie': cookies, location: `${publicUrl}/` }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ends.push(async () => server.close());
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
};

const run = async (): Promise<void> => {
  const started = performance.now();
  const dataDir = await mkdtemp(join(tmpdir(), 'allclear-demo-'));
  ends.push(() => rm(dataDir, { recursive: true, force: true }));
  const log = createLogger(process.env.ALLCLEAR_LOG ?? 'error');
  const database = await startEmbeddedPostgres({
    dataDir,
    log,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  ends.push(database.stop);
  say('Living through three months at Tidewell, an online grocer that does not exist. This takes a moment.');
  let token = '';
  await liveThrough(database.connection, log, publicUrl, async (app) => {
    token = (
      await app.runner.transaction(SYSTEM('demo'), 'demo', (ctx) => createToken(ctx, { name: 'demo', role: 'administrator' }))
    ).token;
    await set(app, token);
  });
  const app = await createApp({
    connection: database.connection,
    clock: systemClock,
    log,
    publicUrl: () => publicUrl,
    allowedHosts: ['127.0.0.0/8'],
  });
  ends.push(() => app.close(3));
  ends.push(await work(app, log));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: PORT });
  ends.push(async () => {
    app.live.close();
    server.close();
  });
  const signedIn = await app.fetch(
    new Request(`${publicUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl },
      body: JSON.stringify({ email: `${VISITOR}@tidewell.example`, password: PASSWORD }),
    }),
  );
  const door = await openDoor(signedIn.headers.getSetCookie());
  trickle();
  say(`
  The demo is ready after ${Math.round((performance.now() - started) / 1000)} s.

      ${door}      opens it, signed in as Kofi

  Or sign in at ${publicUrl} with ${VISITOR}@tidewell.example and the password: ${PASSWORD}
  For the command line: export ALLCLEAR_URL=${publicUrl} ALLCLEAR_TOKEN=${token}

  An alert comes now and then. Nothing leaves this machine. Ctrl-C ends it, and nothing is kept.
`);
};
run().catch(async (thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  await end(1);
});
