import { flushCompileCache } from 'node:module';
import { Command } from 'commander';
import { runServer } from '../server/main.ts';

/** Runs Allclear in this process until SIGTERM or Ctrl-C. */
export const serveCommand = (): Command =>
  new Command('serve')
    .description('run the server; without DATABASE_URL it brings its own PostgreSQL')
    .option('--role <role>', 'all, web (answers HTTP) or worker (pages people); processes on one DATABASE_URL share the work')
    .option('--port <port>', 'port to listen on (default 8080)')
    .addHelpText(
      'after',
      `
Examples:
  allclear serve
  ALLCLEAR_DATA=/srv/allclear allclear serve --port 9000
  DATABASE_URL=postgres://allclear@db/allclear allclear serve --role worker

Settings come from the environment: ALLCLEAR_PORT, ALLCLEAR_HOST, ALLCLEAR_DATA, ALLCLEAR_PUBLIC_URL,
ALLCLEAR_ROLE, ALLCLEAR_ALLOWED_HOSTS, ALLCLEAR_LOG, DATABASE_URL. See docs/operate.md.`,
    )
    .action(async (options: { role?: string; port?: string }) => {
      const env = {
        ...process.env,
        ...(options.role ? { ALLCLEAR_ROLE: options.role } : {}),
        ...(options.port ? { ALLCLEAR_PORT: options.port } : {}),
      };
      await runServer(env);
      // Now rather than when it ends: it may be killed.
      flushCompileCache();
    });
