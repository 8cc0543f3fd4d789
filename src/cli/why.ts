import { Command } from 'commander';
import type { z } from 'zod';
import type { trace } from '../contract/trace.ts';
import { examples } from './arguments.ts';
import { type Answer, type Client, connect, Refused } from './client.ts';
import { clean, paint, printJson } from './output.ts';
import type { Terminal } from './terminal.ts';
import { localSeconds } from './time.ts';

type Trace = z.infer<typeof trace>;
type Step = Trace['steps'][number];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const whyCommand = (terminal: Terminal): Command =>
  new Command('why')
    .summary('why an incident or alert paged whom it paged, or nobody')
    .description(
      'From raw payload through routing, grouping, silence, policy step, who was on call, method and receipt to the answer: each step with its reason.',
    )
    .argument('<subject>', "an incident's number, or the id of an incident or an alert")
    .option('--full', 'with every detail that was recorded, and the payload as it came')
    .addHelpText('after', examples('allclear why INC-2026-0001', 'allclear why 0197f2b8-5c3e-7a41-9d2f-3b8e6c1a4f50 --full'))
    .action(async (subject: string, options: { full?: boolean }, command: Command) => {
      const { client, json } = connect(terminal, command);
      const found = await ask(client, subject);
      if (json) return printJson(terminal, found.text);
      const { value } = found;
      terminal.out(`${paint(terminal, 'bold', clean(value.subject))}  ${clean(value.summary)}\n`);
      terminal.out(`${paint(terminal, 'dim', `times in ${terminal.timeZone}`)}\n\n`);
      const names = Math.max(0, ...value.steps.map((step) => step.step.length));
      for (const step of value.steps) terminal.out(stepText(terminal, step, names, options.full === true));
    });

/** An id may be an alert's or an incident's. */
const ask = async (client: Client, subject: string): Promise<Answer<Trace>> => {
  if (UUID.test(subject)) {
    try {
      return await client.get<Trace>(`/api/alerts/${subject}/trace`);
    } catch (thrown) {
      if (!(thrown instanceof Refused) || thrown.problem.status !== 404) throw thrown;
    }
  }
  return client.get<Trace>(`/api/incidents/${encodeURIComponent(subject)}/trace`);
};

const stepText = (terminal: Terminal, step: Step, names: number, full: boolean): string => {
  const time = localSeconds(step.at, terminal.timeZone);
  const indent = ' '.repeat(time.length + names + 4);
  const because = step.why && !step.result.includes(step.why) ? [paint(terminal, 'dim', `because: ${clean(step.why)}`)] : [];
  const title = step.step === 'alert' ? [clean(step.title)] : [];
  const details = full && step.details ? JSON.stringify(step.details, null, 2).split('\n') : payloadOf(step);
  const lines = [
    `${paint(terminal, 'dim', time)}  ${paint(terminal, 'cyan', step.step.padEnd(names))}  ${clean(step.result)}`,
    ...[...title, ...because, ...details.map((line) => line.replace(/\S.*/, clean))].map((line) => indent + line),
  ];
  return lines.map((line) => `${line}\n`).join('');
};

const MOST = 300;

/** The payload of an alert on one line, cut when it is long: `--full` has it whole. */
const payloadOf = (step: Step): string[] => {
  if (step.details?.payload === undefined) return [];
  const text = JSON.stringify(step.details.payload);
  return [`payload: ${text.length > MOST ? `${text.slice(0, MOST)}… (--full has the rest)` : text}`];
};
