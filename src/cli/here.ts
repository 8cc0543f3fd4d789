import { homedir } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const outIsTerminal = process.stdout.isTTY === true;
const errIsTerminal = process.stderr.isTTY === true;
const terminal: Terminal = {
  env: process.env,
  home: homedir(),
  timeZone: Temporal.Now.timeZoneId(),
  now: () => Temporal.Now.instant(),
  sleep: (ms) => sleep(ms),
  out: (output) => void process.stdout.write(output),
  err: (output) => void process.stderr.write(output),
  outBytes: process.stdout,
  readInput: () => text(process.stdin),
  outIsTerminal,
  errIsTerminal,
  colours: outIsTerminal && !process.env.NO_COLOR,
  errColours: errIsTerminal && !process.env.NO_COLOR,
  exitCode: 0,
};

process.exitCode = await run(terminal, process.argv.slice(2), async () => (await import('./serve.ts')).serveCommand());
