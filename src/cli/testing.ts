import { Writable } from 'node:stream';
import type { Terminal } from './terminal.ts';

/** A terminal that remembers what was written to it. Its clock stands still unless `now` is given. */
export const testTerminal = (
  given: Partial<Terminal> = {},
): Terminal & { stdout: () => string; stderr: () => string; stdoutBytes: () => Buffer } => {
  let [stdout, stderr] = ['', ''];
  const chunks: Buffer[] = [];
  return {
    env: {},
    home: '/nonexistent',
    timeZone: 'Europe/Amsterdam',
    now: () => Temporal.Instant.from('2026-03-02T12:00:00Z'),
    sleep: () => Promise.resolve(),
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    outBytes: new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    }),
    readInput: () => Promise.resolve(''),
    outIsTerminal: false,
    errIsTerminal: false,
    colours: false,
    errColours: false,
    exitCode: 0,
    ...given,
    stdout: () => stdout,
    stderr: () => stderr,
    stdoutBytes: () => Buffer.concat(chunks),
  };
};
