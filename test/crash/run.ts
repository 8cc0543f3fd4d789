/** `npm run test:crash -- --kills 500 --seed 1`: kills Node and PostgreSQL under load and says what was lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { folderInMemory } from '../memory.ts';
import { seeded, startLoad } from './load.ts';
import { freePort, isReady, launch, postmasterPid, TOKEN } from './server-process.ts';
import { type Providers, setUpTeam, startProviders } from './team.ts';
import { drained, type Found, type Mark, markOf, verify } from './verify.ts';

const PER_SECOND = 80;
const CONNECTIONS = 8;
/** What was on its way to a provider when Node died has arrived once nothing has come for this long; on a busy machine that takes a while. */
const SETTLE_MS = 100;
const SETTLE_TURNS = 20;
const DRAIN_SECONDS = 60;
const READY_MS = 30_000;

export type Report = Found & {
  seed: number;
  kills: Record<'node' | 'postgres' | 'both', number>;
  answers: Record<string, number>;
  stuck: { deliveries: number; jobs: number };
  seconds: number;
};

const kill = (pid: number | undefined): void => {
  try {
    if (pid) process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Sends a mixed load, kills at random moments, and checks everything that was answered 2xx. Throws when nothing can be said. */
export const crash = async (options: { kills: number; seed: number }): Promise<Report> => {
  const began = performance.now();
  const random = seeded(options.seed);
  const dataDir = mkdtempSync(join(folderInMemory(), 'allclear-crash-'));
  const env = {
    ALLCLEAR_DATA: dataDir,
    ALLCLEAR_PORT: String(await freePort()),
    ALLCLEAR_ADMIN_TOKEN: TOKEN,
    ALLCLEAR_LOG: 'error',
  };
  const providers = await startProviders();
  let server = launch(env);
  try {
    await server.ready();
    await setUpTeam(server.url, providers);
    const load = startLoad(server.url, seeded(options.seed + 1), PER_SECOND, CONNECTIONS);
    const kills: Report['kills'] = { node: 0, postgres: 0, both: 0 };
    const marks: Mark[] = [];
    for (let done = 0; done < options.kills; done += 1) {
      await delay(100 + random() * 1100);
      const roll = random();
      const victim = roll < 0.4 ? 'node' : roll < 0.75 ? 'postgres' : 'both';
      kills[victim] += 1;
      const postgres = postmasterPid(dataDir);
      if (victim !== 'node') kill(postgres);
      if (victim !== 'postgres') {
        server.signal('SIGKILL');
        await server.exited;
      }
      if (victim === 'postgres') {
        for (let waited = 0; !(await isReady(server.url)); waited += 20) {
          if (waited > READY_MS) throw new Error(`PostgreSQL did not come back:\n${server.output().slice(-3000)}`);
          await delay(20);
        }
        // Node lives on: what it was sending arrives while PostgreSQL comes back, and its lease keeps it from going again.
        marks.push(markOf(providers));
      } else {
        marks.push(await settled(providers));
        server = launch(env);
        // Half of the time the next kill may come while it is still starting.
        if (random() < 0.85 || done === options.kills - 1) await server.ready();
      }
    }
    if (!(await isReady(server.url))) await server.ready();
    await load.stop();
    const stuck = await drained(dataDir, DRAIN_SECONDS);
    const found = await verify(server.url, load.sent, providers, marks);
    return {
      ...found,
      seed: options.seed,
      kills,
      answers: Object.fromEntries(load.answers),
      stuck,
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    await server.stop();
    kill(postmasterPid(dataDir));
    await providers.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
};

/** Waits until no provider receives anything any more: everything a dead Node had sent is counted. */
const settled = async (providers: Providers): Promise<Mark> => {
  let mark = markOf(providers);
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) {
    await delay(SETTLE_MS);
    const next = markOf(providers);
    if (JSON.stringify(next) === JSON.stringify(mark)) break;
    mark = next;
  }
  return mark;
};

/** What went wrong, one sentence each; empty: every promise was kept. */
export const failures = (report: Report): string[] => [
  ...report.lostAlerts.map((one) => `accepted alert lost: ${one}`),
  ...report.lostPages.map((one) => `page lost: ${one}`),
  ...report.broken,
  ...(report.stuck.deliveries + report.stuck.jobs > 0
    ? [`${report.stuck.deliveries} messages and ${report.stuck.jobs} jobs are stuck`]
    : []),
  ...Object.keys(report.answers)
    .filter((answer) => !/^(2\d\d|503|no answer)$/.test(answer))
    .map((answer) => `a sender was answered ${answer}, ${report.answers[answer]} times`),
];

/** The counts, for people. */
export const show = (report: Report): string => {
  const { node, postgres, both } = report.kills;
  return [
    `kills ${node + postgres + both} (Node ${node}, PostgreSQL ${postgres}, both ${both}), seed ${report.seed}, ${report.seconds} s`,
    `answers ${JSON.stringify(report.answers)}`,
    `alerts ${report.alerts}, incidents ${report.incidents}, messages sent ${report.messages}`,
    `accepted alerts lost ${report.lostAlerts.length}, pages lost ${report.lostPages.length}, duplicates ${report.duplicates}, stuck ${report.stuck.deliveries}`,
  ].join('\n');
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '30' }, seed: { type: 'string' } } });
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  console.log(`seed ${seed}`);
  const report = await crash({ kills: Number(values.kills), seed });
  console.log(show(report));
  const wrong = failures(report);
  for (const one of wrong.slice(0, 50)) console.error(one);
  process.exitCode = wrong.length > 0 ? 1 : 0;
}
