import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { startNtfy } from '../../../test/fakes/ntfy.ts';
import { startServer } from '../../../test/harness.ts';
import { run } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { testTerminal } from '../testing.ts';

export type Server = Awaited<ReturnType<typeof startServer>>;

/** A folder for the files of the tests; also the home of whoever types. */
export const folder = mkdtempSync(join(tmpdir(), 'allclear-cli-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const noServe = () => Promise.reject(new Error('serve is not asked for'));
/** Runs one command line in this process. */
export const allclear = async (
  server: Pick<Server, 'url' | 'token'> | undefined,
  line: string[],
  given: Partial<Terminal> = {},
) => {
  const env = server ? { ALLCLEAR_URL: server.url, ALLCLEAR_TOKEN: server.token } : {};
  const terminal = testTerminal({ home: folder, env, ...given });
  const code = await run(terminal, line, noServe);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
};
export const words = (line: string): string[] => line.split(' ');

/** Where the repository lies: the program is run from there. */
export const HOME = new URL('../../../', import.meta.url).pathname;

const PROCESS = (ntfy: string) => `
settings:
  channels: { ntfy: { server: "${ntfy}" } }
  bundle_seconds: 0
people:
  - name: ana
    display_name: Ana
    email: ana@example.com
    contact_methods:
      - { label: phone, channel: ntfy, address: topic-ana, verified: true }
      - { label: old-phone, channel: sms, address: "+31612345678", verified: true }
  - name: ben
    display_name: Ben
    email: ben@example.com
    contact_methods: [{ label: phone, channel: ntfy, address: topic-ben, verified: true }]
schedules:
  - name: rota
    time_zone: Europe/London
    layers:
      - { name: all, rotation: { every: 1, unit: week }, starts: "2026-01-05T09:00", participants: [ana, ben] }
escalation_policies:
  - name: turns
    steps:
      - { targets: [{ schedule: rota }], escalate_after_seconds: 300 }
      - { targets: [{ person: ben }], escalate_after_seconds: 300 }
services:
  - { name: checkout, escalation_policy: turns }
integrations:
  - { name: prod, service: checkout, key: the-key-of-prod }
`;

/** A server with a small process in it, put there by the command line itself. */
export const configured = async (at = '2026-03-02T12:00:00Z') => {
  const ntfy = await startNtfy();
  onTestFinished(ntfy.stop);
  const server = await startServer({ at });
  const file = join(folder, 'process.yaml');
  await writeFile(file, PROCESS(ntfy.url));
  const applied = await allclear(server, ['apply', file]);
  expect(applied.code, applied.err + applied.out).toBe(0);
  return { ...server, ntfy, file };
};
