/** Times the schedule engine: `node bench/schedules.ts`. Medians of 51 runs, after as many to warm up. */
import { schedule as scheduleSchema } from '../src/contract/schedule.ts';
import { nextChange, onCallAt, type ScheduleOverride, shifts } from '../src/server/schedules/rules.ts';

const people = (n: number) => Array.from({ length: n }, (_, at) => `person-${at}`);
const roles = ['primary', 'secondary', 'tertiary'];

type Unit = 'hour' | 'day' | 'week' | 'month';
const office = [{ from: '09:00', to: '17:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }];
const nights = [{ from: '22:00', to: '06:00' }];

function tenLayers(layerOf: (at: number) => { unit: Unit; restrictions?: unknown[] }) {
  return scheduleSchema.parse({
    name: 'bench',
    time_zone: 'Europe/Amsterdam',
    layers: Array.from({ length: 10 }, (_, at) => {
      const { unit, restrictions } = layerOf(at);
      const starts = `2006-01-02T${String(at + 8).padStart(2, '0')}:00`;
      return { name: `layer-${at}`, role: roles[at % 3], rotation: { unit }, starts, participants: people(8), restrictions };
    }),
  });
}

const overridesOfYear: ScheduleOverride[] = Array.from({ length: 100 }, (_, at) => {
  const starts = Temporal.Instant.from('2026-01-01T12:00Z').add({ hours: at * 80 });
  return {
    id: `o-${at}`,
    kind: 'replace',
    person: 'cover',
    replaces: `person-${at % 8}`,
    starts,
    ends: starts.add({ hours: 30 }),
  };
});

const cases = {
  'weekly, every third one office hours': tenLayers((at) => ({ unit: 'week', ...(at % 3 === 2 && { restrictions: office }) })),
  'daily, office hours and nights': tenLayers((at) => ({ unit: 'day', restrictions: at % 2 ? office : nights })),
  'daily, no restrictions': tenLayers(() => ({ unit: 'day' })),
  monthly: tenLayers(() => ({ unit: 'month' })),
  'hourly, no restrictions': tenLayers(() => ({ unit: 'hour' })),
};

function median(run: () => unknown): number {
  for (let i = 0; i < 51; i++) run();
  const times = Array.from({ length: 51 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.toSorted((a, b) => a - b)[25]!;
}

const from = Temporal.Instant.from('2026-01-01T00:00Z');
const to = Temporal.Instant.from('2027-01-01T00:00Z');
const at = Temporal.Instant.from('2026-07-01T03:10Z');

console.table(
  Object.entries(cases).map(([layers, schedule]) => ({
    '10 layers, 20 years old': layers,
    shifts: shifts(schedule, [], from, to).length,
    'a year (ms)': median(() => shifts(schedule, [], from, to)).toFixed(2),
    'with 100 overrides (ms)': median(() => shifts(schedule, overridesOfYear, from, to)).toFixed(2),
    'on call at (ms)': median(() => onCallAt(schedule, overridesOfYear, at)).toFixed(3),
    'next change (ms)': median(() => nextChange(schedule, overridesOfYear, at, to)).toFixed(3),
  })),
);
