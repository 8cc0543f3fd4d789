import { Command } from 'commander';
import type { z } from 'zod';
import type { doctor } from '../contract/trace.ts';
import { examples } from './arguments.ts';
import { connect } from './client.ts';
import { clean, count, paint, printJson } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';

type Report = z.infer<typeof doctor>;
type Problem = Pick<Report['problems'][number], 'level' | 'subject' | 'problem' | 'remedy'>;

const MAX_SKEW_SECONDS = 2;

/**
 * How far this computer's clock is from the server's, if more than the answer's own travel explains and
 * more than 2 s. The server read its clock between our two readings (Cristian's algorithm).
 */
export const skewProblem = (
  server: Temporal.Instant,
  asked: Temporal.Instant,
  answered: Temporal.Instant,
): Problem | undefined => {
  const at = server.epochMilliseconds;
  const behind = at - answered.epochMilliseconds;
  const ahead = asked.epochMilliseconds - at;
  const skew = Math.max(behind, ahead) / 1000;
  if (skew <= MAX_SKEW_SECONDS) return undefined;
  return {
    level: 'warning',
    subject: 'clock',
    problem: `this computer's clock is ${skew.toFixed(1)} s ${behind > ahead ? 'behind' : 'ahead of'} the server's`,
    remedy: 'run NTP on both',
  };
};

export const doctorCommand = (terminal: Terminal): Command =>
  new Command('doctor')
    .summary('what would keep a page from arriving')
    .description(
      'What would keep a page from arriving: unverified methods, empty steps, gaps in the next 14 days, people who left, integrations that fell silent, providers that do not answer, clocks that differ.',
    )
    .addHelpText('after', examples('allclear doctor', 'allclear doctor --json', 'allclear doctor || echo "pages may not arrive"'))
    .action(async (_options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const asked = terminal.now();
      const { text, value } = await client.get<Report>('/api/doctor');
      const skew = skewProblem(Temporal.Instant.from(value.server_time), asked, terminal.now());
      const problems = [...value.problems, ...(skew ? [skew] : [])];
      const errors = problems.filter((problem) => problem.level === 'error').length;
      if (errors > 0) terminal.exitCode = EXIT.failed;
      if (json) {
        if (skew) terminal.err(`warning: ${skew.subject}: ${skew.problem}\n`);
        return printJson(terminal, text);
      }
      for (const { level, subject, problem, remedy } of problems)
        terminal.out(
          `${paint(terminal, level === 'error' ? 'red' : 'yellow', level)}  ${paint(terminal, 'bold', clean(subject))} ${clean(problem)}\n    ${paint(terminal, 'dim', clean(remedy))}\n`,
        );
      terminal.out(
        problems.length === 0
          ? `${paint(terminal, 'green', 'All clear:')} nothing found that would keep a page from arriving.\n`
          : `${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}.\n`,
      );
    });
