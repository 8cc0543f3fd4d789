import type { State } from '../../ui/marks.tsx';
import { type Stood, scheduleIn } from '../history/stood.tsx';
import type { Trace } from './queries.ts';

type Step = Trace['steps'][number];

type Line = { at: string; text: string; what: string };
/** One stop of the path: a decision, or several that say one thing together. */
export type Stop = {
  step: string;
  at: string;
  result: string;
  why: string;
  state?: State;
  /** Of an alert after the first: its id. */
  alert?: string;
  /** What it went by. */
  stood?: Stood;
  /** What became of messages, one line each. */
  lines?: Line[];
};

const OF_AN_ALERT = new Set(['intake', 'routing', 'silence', 'flapping', 'dedup', 'urgency', 'grouping']);
/** Type of an entry → the mark of what it means for whoever waits for an answer. */
const STATES: [RegExp, State][] = [
  [/^(page\.answered|incident\.(acknowledged|resolved))$/, 'ok'],
  [/^(escalation\.(exhausted|not_started)|page\.unreachable)$/, 'critical'],
  [/^(page\.(skipped|answer_refused)|escalation\.(step_skipped|place_failed))$/, 'medium'],
  [/^(page\.waiting|incident\.snoozed)$/, 'maint'],
];
const QUIET: Record<string, State> = { silenced: 'maint', dropped: 'maint', flapping: 'medium' };

const stoodAt = ({ title, at, details }: Step): Stood | undefined => {
  if (title === 'escalation.started' && typeof details?.policy === 'string')
    return { what: 'escalation', name: details.policy, at };
  const schedule = title.startsWith('page.') && scheduleIn(details?.reason);
  return schedule ? { what: 'schedules', name: schedule, at } : undefined;
};

const stopOf = (step: Step): Stop => {
  const stood = stoodAt(step);
  const state =
    STATES.find(([type]) => type.test(step.title))?.[1] ?? (OF_AN_ALERT.has(step.step) ? QUIET[step.result] : undefined);
  return {
    step: step.title === 'page.answered' ? 'answer' : step.step,
    at: step.at,
    result: step.result,
    why: step.result.includes(step.why) ? '' : step.why,
    ...(state ? { state } : {}),
    ...(stood ? { stood } : {}),
  };
};

/**
 * The steps of a trace as a path to read. The first alert tells each of its decisions; a later one is a single
 * stop with its last. What happens to messages in a row is one stop with a line each.
 */
export const stopsOf = (steps: Step[]): Stop[] => {
  const stops: Stop[] = [];
  let alerts = 0;
  for (const step of steps) {
    const last = stops.at(-1);
    if (step.step === 'alert' && step.details?.payload !== undefined) {
      alerts += 1;
      const id = String(step.details.id ?? '');
      stops.push({ step: 'alert', at: step.at, result: step.title, why: `${step.result}: ${step.why}`, alert: id });
    } else if (OF_AN_ALERT.has(step.step) && alerts > 1 && last?.step === 'alert') {
      last.why = `${step.result}: ${step.why}`;
    } else if (step.step === 'delivery') {
      const line = { at: step.at, text: step.result, what: step.title.slice('delivery.'.length) };
      if (last?.lines) last.lines.push(line);
      else stops.push({ step: 'delivery', at: step.at, result: '', why: '', lines: [line] });
    } else stops.push(stopOf(step));
  }
  return stops;
};

/** The payload of the alert that began it. */
export const payloadIn = (trace: Trace): unknown => trace.steps.find((step) => step.step === 'alert')?.details?.payload;
export const firstAlertIn = (trace: Trace): string | undefined => {
  const id = trace.steps.find((step) => step.step === 'alert' && step.details?.payload !== undefined)?.details?.id;
  return typeof id === 'string' ? id : undefined;
};
