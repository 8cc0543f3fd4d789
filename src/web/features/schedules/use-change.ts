import { useQuery } from '@tanstack/react-query';
import { now } from '../../time.ts';
import { useSettled } from '../editing/use-settled.ts';
import { complete, type OverrideDraft } from './override-form.tsx';
import { type PreviewInput, previewQuery, type Schedule, timelineQuery } from './queries.ts';
import { addDays, dateOf, type Span, startOf } from './zone.ts';

const AHEAD_DAYS = 30;

/**
 * What a change that is being typed would do, beside what is so now, over one window: what is shown, and as much more as the
 * change needs. Without a change: what is so, for the hours of each person.
 */
export const useChange = (
  name: string,
  span: Span,
  zone: string,
  schedule: Schedule | undefined,
  override: OverrideDraft | undefined,
) => {
  const ready = override && complete(override);
  const ahead = schedule ? startOf(addDays(dateOf(now(), zone), AHEAD_DAYS), zone) : span.to;
  const from = Math.min(span.from, ready ? Date.parse(ready.starts) : span.from);
  const to = Math.max(span.to, ahead, ready ? Date.parse(ready.ends) : span.to);
  const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const input: PreviewInput = schedule
    ? { schedule, ...window }
    : { name, ...window, ...(ready ? { overrides: { add: [ready], remove: [] } } : {}) };
  const before = useQuery(timelineQuery(name, from, to));
  const settled = useSettled(input);
  const preview = useQuery(previewQuery(settled));
  const changes = schedule !== undefined || ready !== undefined;
  return {
    before: before.data,
    preview: preview.data,
    error: before.error ?? (changes ? undefined : preview.error),
    changes,
    window,
    refused: preview.error,
  };
};
