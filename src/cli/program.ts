import { Command, CommanderError } from 'commander';
import { ackCommand } from './ack.ts';
import { applyCommand } from './apply.ts';
import { examples } from './arguments.ts';
import { auditCommand } from './audit.ts';
import { backupCommand } from './backup.ts';
import { DEFAULT_URL, Refused, Unreachable } from './client.ts';
import { compensationCommand } from './compensation.ts';
import { coverCommand } from './cover.ts';
import { coverRequestsCommand } from './cover-requests.ts';
import { doctorCommand } from './doctor.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { handoffsCommand } from './handoffs.ts';
import { healthCommand } from './health.ts';
import { historyCommand } from './history.ts';
import { importKeyCommand } from './import-key.ts';
import { incidentsCommand } from './incidents.ts';
import { inviteCommand } from './invite.ts';
import { leaveCommand } from './leave.ts';
import { loadCommand } from './load.ts';
import { oncallCommand } from './oncall.ts';
import { pageCommand } from './page.ts';
import { pagesCommand } from './pages.ts';
import { planCommand } from './plan.ts';
import { readinessCommand, testPagesCommand } from './readiness.ts';
import { resolveCommand } from './resolve.ts';
import { restoreCommand } from './restore.ts';
import { rotaCommand } from './rota.ts';
import { setupCommand } from './setup.ts';
import { severitiesCommand } from './severities.ts';
import { signOnCommand } from './sign-on.ts';
import { silenceCommand } from './silence.ts';
import { simulateCommand } from './simulate.ts';
import { snoozeCommand } from './snooze.ts';
import { takeOverCommand } from './take-over.ts';
import { EXIT, type Terminal } from './terminal.ts';
import { testPageCommand } from './test-page.ts';
import { tokenCommand } from './token.ts';
import { trainingCommand } from './training.ts';
import { whyCommand } from './why.ts';

const COMMANDS = [
  planCommand,
  applyCommand,
  exportCommand,
  oncallCommand,
  takeOverCommand,
  coverRequestsCommand,
  rotaCommand,
  handoffsCommand,
  trainingCommand,
  loadCommand,
  healthCommand,
  compensationCommand,
  leaveCommand,
  coverCommand,
  pageCommand,
  incidentsCommand,
  ackCommand,
  resolveCommand,
  snoozeCommand,
  pagesCommand,
  whyCommand,
  simulateCommand,
  testPageCommand,
  testPagesCommand,
  readinessCommand,
  inviteCommand,
  silenceCommand,
  doctorCommand,
  setupCommand,
  severitiesCommand,
  auditCommand,
  historyCommand,
  backupCommand,
  restoreCommand,
  importKeyCommand,
  tokenCommand,
  signOnCommand,
];

/** The whole command line. `serve` is the server itself: given only when it is asked for, else named for the help. */
export const createProgram = (terminal: Terminal, serve?: Command): Command => {
  const program = new Command('allclear')
    .description('Incident management: from first alert to all clear.')
    .option('--url <url>', `address of the server (ALLCLEAR_URL; default ${DEFAULT_URL})`)
    .option('--token <token>', 'API token (ALLCLEAR_TOKEN, or the one kept by: allclear token save)')
    .option('--json', "print the API's answer as it came")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()
    .showHelpAfterError('(see --help)')
    .addHelpText(
      'after',
      `${examples('allclear serve', 'allclear oncall', 'allclear why INC-2026-0001', 'allclear plan process/ && echo "nothing to do"')}
Exit codes: 0 done, 1 failed or refused, 2 plan has changes, 3 the server cannot be reached, 64 wrong usage.`,
    );
  program.addCommand(
    serve ?? new Command('serve').description('run the server; without DATABASE_URL it brings its own PostgreSQL'),
  );
  for (const create of COMMANDS) program.addCommand(create(terminal));
  inheritSettings(program);
  return program;
};

/** `addCommand` does not pass settings on. */
const inheritSettings = (command: Command): void => {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    inheritSettings(child);
  }
};

/** Runs one command line, given without the program's name, and returns the exit code. */
export const run = async (terminal: Terminal, argv: string[], loadServe: () => Promise<Command>): Promise<number> => {
  terminal.exitCode = EXIT.done;
  try {
    const serve = argv.includes('serve') ? await loadServe() : undefined;
    await createProgram(terminal, serve).parseAsync(argv, { from: 'user' });
    return terminal.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (!(thrown instanceof Error)) throw thrown;
    if (thrown instanceof Refused && argv.includes('--json')) terminal.err(`${thrown.text}\n`);
    else explain(terminal, thrown);
    return thrown instanceof Unreachable ? EXIT.unreachable : EXIT.failed;
  }
};
