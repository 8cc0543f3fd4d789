import type { Matcher } from '../../../contract/common.ts';
import type { Written } from './queries.ts';

export type Form = {
  kind: Written['kind'];
  comment: string;
  services: string[];
  matchers: Matcher[];
  when: 'now' | 'planned' | 'recurring';
  /** Of `now`: for how long. */
  seconds: number;
  starts_at: string | undefined;
  ends_at: string | undefined;
  recurs: NonNullable<Written['recurs']>;
};

export const emptyForm = (zone: string): Form => ({
  kind: 'silence',
  comment: '',
  services: [],
  matchers: [],
  when: 'now',
  seconds: 7200,
  starts_at: undefined,
  ends_at: undefined,
  recurs: { time_zone: zone, days: [], from: '02:00', to: '04:00' },
});

/** What was saved, to be changed or used again: what is over begins anew, for as long as it lasted. */
export const formOf = (silence: Written, zone: string, again: boolean, now: number): Form => {
  const start = silence.starts_at ? Date.parse(silence.starts_at) : now;
  const lasted = silence.ends_at ? Math.max(60, Math.round((Date.parse(silence.ends_at) - start) / 1000)) : 7200;
  return {
    ...emptyForm(zone),
    kind: silence.kind,
    comment: silence.comment,
    services: silence.services,
    matchers: silence.matchers,
    when: silence.recurs ? 'recurring' : again ? 'now' : 'planned',
    seconds: lasted,
    starts_at: again ? undefined : silence.starts_at,
    ends_at: again && !silence.recurs ? undefined : silence.ends_at,
    ...(silence.recurs ? { recurs: silence.recurs } : {}),
  };
};

/** Labels that say where it happens; others, such as a measured value, differ each time. */
const PLACES = [
  'alertname',
  'check',
  'monitor',
  'job',
  'instance',
  'host',
  'hostname',
  'device',
  'mountpoint',
  'cluster',
  'namespace',
  'environment',
  'env',
  'region',
];

/** What makes an alert this one: the labels that say where it happens, else its summary. */
export const matchersFor = (alert: { labels: Record<string, string>; summary: string }): Matcher[] => {
  const found = PLACES.filter((name) => alert.labels[name]);
  if (found.length === 0) return [{ name: 'summary', op: '=', value: alert.summary }];
  return found.map((name) => ({ name, op: '=', value: alert.labels[name] as string }));
};

/** As the API takes it; "from now" begins at `now`, in ms. */
export const bodyOf = (form: Form, now: number): Written => ({
  kind: form.kind,
  comment: form.comment.trim(),
  services: form.services,
  matchers: form.matchers,
  ...(form.when === 'now' ? { ends_at: new Date(now + form.seconds * 1000).toISOString() } : {}),
  ...(form.when !== 'now' && form.starts_at ? { starts_at: form.starts_at } : {}),
  ...(form.when !== 'now' && form.ends_at ? { ends_at: form.ends_at } : {}),
  ...(form.when === 'recurring' ? { recurs: form.recurs } : {}),
});

export type Missing = Partial<Record<'comment' | 'ends_at' | 'days' | `matchers.${number}`, true>>;
/** What must be filled in before the server is asked. */
export const missingIn = (form: Form): Missing => ({
  ...(form.comment.trim() ? {} : { comment: true }),
  ...(form.when === 'planned' && !form.ends_at ? { ends_at: true } : {}),
  ...(form.when === 'recurring' && form.recurs.days.length === 0 ? { days: true } : {}),
  ...Object.fromEntries(form.matchers.flatMap(({ name }, index) => (name.trim() ? [] : [[`matchers.${index}`, true]]))),
});
