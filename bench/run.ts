/** `npm run bench`: every bench in turn, printed and kept in bench/results/latest.md. The schedule engine has its own: `node bench/schedules.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { firstLoad } from '../test/first-load.ts';
import { alertmanager } from './alertmanager.ts';
import { fanOut } from './fan-out.ts';
import { type Row, RUNS, setUpTeam, startBench } from './harness.ts';
import { ingest } from './ingest.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { start } from './start.ts';
import { storm } from './storm.ts';
import { idleTimeToPage } from './time-to-page.ts';

const SECONDS = 4;
const markdown = (title: string, rows: Row[]): string =>
  [
    `## ${title}`,
    '',
    '| what | aim | measured | reached |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ what, aim, measured, reached }) =>
        `| ${what} | ${aim} | ${measured} | ${reached === undefined ? '' : reached ? 'yes' : 'no'} |`,
    ),
    '',
  ].join('\n');

const load = (): string =>
  loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
const before = load();
const parts: string[] = [];
const keep = (title: string, rows: Row[]): void => {
  if (rows.length === 0) return;
  console.log(title);
  console.table(rows);
  parts.push(markdown(title, rows));
};

keep('Start', await start());
const bench = await startBench();
const provider = await setUpTeam(bench, 1);
try {
  keep('Time to page', await idleTimeToPage(bench, provider));
  keep('Ingest, on disk before the answer', await ingest(bench, SECONDS));
} finally {
  await bench.stop();
  await provider.stop();
}
keep('Storm', await storm());
keep('Fan-out', await fanOut());
keep('Lists', await lists());
keep('Live', await live());
const scripts = await firstLoad();
keep('First load', [
  {
    what: 'scripts before Home shows, gzip',
    aim: '≤ 200 KB',
    measured: `${(scripts / 1024).toFixed(1)} KB`,
    reached: scripts <= 200 * 1024,
  },
]);
keep('Alertmanager side by side', await alertmanager(SECONDS));

const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}, Node ${process.version}`;
const head = [
  '# Bench',
  '',
  `${machine}. Load of the machine before: ${before}; after: ${load()}. Medians of ${RUNS} runs.`,
  'Loopback; the generator is a process of its own on the same machine; fsync on; an alert counts once its request was answered 2xx.',
  '',
];
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(new URL('results/latest.md', import.meta.url), [...head, ...parts].join('\n'));
