/**
 * Writes `src/web/api/schema.d.ts`, the types the console's client is checked by, from the OpenAPI document
 * of the server. openapi-typescript needs the JavaScript API of TypeScript 5, which TypeScript 7 has not, so
 * it is fetched for the moment and is no dependency.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Auth } from '../src/server/identity/auth.ts';
import type { Intake } from '../src/server/ingest/intake.ts';
import { createHttp } from '../src/server/platform/http.ts';
import type { Live } from '../src/server/platform/live.ts';
import { createLogger } from '../src/server/platform/log.ts';
import { createMetrics } from '../src/server/platform/metrics.ts';
import { apiDocument, describeSecurity } from '../src/server/platform/operate.ts';
import type { Runner } from '../src/server/platform/runner.ts';
import { addRoutes } from '../src/server/routes.ts';

const TYPES = new URL('../src/web/api/schema.d.ts', import.meta.url);

/** The API's description, made without a database: no handler runs. */
const openApi = (): string => {
  const log = createLogger('silent');
  const runner = {} as Runner;
  const http = createHttp({
    runner,
    log,
    metrics: createMetrics(),
    authenticate: async () => undefined,
    sessionOf: async () => undefined,
    actorOf: async () => undefined,
    publicUrl: () => 'http://localhost',
    trustedProxies: [],
    allow: () => undefined,
    maxConcurrent: 1,
    requestsAMinute: 1,
  });
  addRoutes(http, runner, {} as Intake, {} as Live, {} as Auth);
  describeSecurity(http);
  return JSON.stringify(apiDocument(http), null, 2);
};

const headOf = (document: string) =>
  `// Made by \`npm run api-types\` from the API's description, sha256 ${createHash('sha256').update(document).digest('hex')}`;

/** Whether the types say what the server's API is now. */
export const apiTypesAreStale = async (): Promise<boolean> =>
  (await readFile(TYPES, 'utf8')).split('\n')[0] !== headOf(openApi());

if (import.meta.main) {
  const folder = await mkdtemp(join(tmpdir(), 'allclear-api-'));
  try {
    const document = openApi();
    const [from, to] = [join(folder, 'openapi.json'), join(folder, 'schema.d.ts')];
    await writeFile(from, document);
    const packages = ['openapi-typescript@7.13.0', 'typescript@5.9.3'].map((name) => `--package=${name}`);
    await promisify(execFile)('npm', ['exec', '--yes', ...packages, '--', 'openapi-typescript', from, '--output', to], {
      cwd: folder,
    });
    await writeFile(TYPES, `${headOf(document)}\n${await readFile(to, 'utf8')}`);
    process.stdout.write('wrote src/web/api/schema.d.ts\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
