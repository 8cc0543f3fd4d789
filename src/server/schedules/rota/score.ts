import type { RotaScore } from '../../../contract/rota.ts';
import type { OnCallRole } from '../../../contract/schedule.ts';
import { absenceWarnings, healthWarnings, type Plan, twoPlaces } from '../health.ts';
import { roles } from '../shifts.ts';
import { meantBy } from '../shifts-calendar.ts';
import { type Interval, subtract, union } from '../shifts-intervals.ts';
import { localClock } from '../shifts-zone.ts';
import { type Background, backgrounds, sharesOf } from './shares.ts';
import { counted, type Situation } from './situation.ts';

const HOUR = 3_600_000;
const hours = (intervals: readonly Interval[]) => intervals.reduce((sum, { start, end }) => sum + end - start, 0) / HOUR;
const iso = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms).toString();
const round = (value: number) => Math.round(value * 10) / 10;

const MOST_GAPS = 20;
/** What a person who breaks a policy costs of the hundred points for rules. */
const RULE_COSTS: Record<string, number> = { on_leave: 15, two_places: 15, max_consecutive_days: 15, min_gap_days: 5 };
const WEIGHTS = { coverage: 40, rules: 20, hours: 15, nights: 10, weekends: 10, holidays: 5 };
const COUNT_PARTS = ['hours', 'nights', 'weekends', 'holidays'] as const;
const COUNT_WORDS = { hours: 'hours', nights: 'night hours', weekends: 'weekend hours', holidays: 'holiday hours' };

/** Time that the layers of a role mean to cover and nobody has. */
const gapsOf = ({ schedule, overrides }: Plan, from: number, to: number) => {
  const clock = localClock(schedule.time_zone);
  const seats = counted({ schedule, overrides }, from, to);
  return roles.flatMap((role): { role: OnCallRole; meant: Interval[]; gaps: Interval[] }[] => {
    const layers = schedule.layers.filter((layer) => layer.role === role && !layer.shadow);
    if (layers.length === 0) return [];
    const meant = union(layers.flatMap((layer) => meantBy(layer, clock, from, to)));
    return [{ role, meant, gaps: subtract(meant, union(seats.filter((seat) => seat.role === role))) }];
  });
};

/** What of everybody's hours lies above fair shares: 0 is even, 100 as uneven as can be told. */
const unevenness = (have: readonly number[], shares: readonly number[]): { above: number; total: number } => ({
  above: have.reduce((sum, count, at) => sum + Math.max(0, count - shares[at]!), 0),
  total: have.reduce((sum, count) => sum + count, 0),
});

/** How good a schedule is in a window (ms), from 0 to 100; the formulas are in docs/rota.md. */
export const scoreOf = (situation: Situation, from: number, to: number): RotaScore => {
  const { own, others, absences } = situation;
  const seats = Map.groupBy(counted(own, from, to), ({ person }) => person);
  const takers = new Set(own.schedule.layers.filter((layer) => !layer.shadow).flatMap((layer) => layer.participants.flat()));
  const people = situation.people.filter((one) => seats.has(one.name) || (takers.has(one.name) && one.active));
  const background = backgrounds(situation, people, from, to, new Map());
  const duties = people.map((one) => union(seats.get(one.name) ?? []));
  const behind = people.map((one) => background.get(one.name) as Background);
  const counts = duties.map((duty, at) => behind[at]!.calendar.counts(duty));
  const shares = sharesOf(
    behind,
    [0, 1, 2, 3].map((d) => counts.reduce((sum, own) => sum + own[d]!, 0)),
  );

  const covered = gapsOf(own, from, to);
  const meant = covered.reduce((sum, one) => sum + hours(one.meant), 0);
  const missing = covered.reduce((sum, one) => sum + hours(one.gaps), 0);
  const [start, end] = [from, to].map(Temporal.Instant.fromEpochMilliseconds) as [Temporal.Instant, Temporal.Instant];
  const broken = [
    ...healthWarnings(own.schedule, own.overrides, start, end),
    ...absenceWarnings(own.schedule, own.overrides, absences, start, end),
    ...twoPlaces([own, ...others], start, end).filter((one) => one.person && seats.has(one.person)),
  ].filter(({ policy }) => RULE_COSTS[policy]);
  const costs = broken.reduce((sum, { policy }) => sum + RULE_COSTS[policy]!, 0);

  const even = COUNT_PARTS.map((part, d) => {
    const { above, total } = unevenness(
      counts.map((own) => own[d]!),
      shares.map((share) => share[d]!),
    );
    return {
      part,
      score: total === 0 ? 100 : 100 * (1 - above / total),
      reason:
        total === 0
          ? `Nobody has ${COUNT_WORDS[part]}.`
          : `${round(above)} h of ${round(total)} ${COUNT_WORDS[part]} are above fair shares.`,
    };
  });
  const parts = [
    {
      part: 'coverage' as const,
      score: meant === 0 ? 0 : 100 * (1 - missing / meant),
      reason:
        meant === 0
          ? 'No layer means to cover anything in this time.'
          : missing === 0
            ? `All ${round(meant)} h are covered.`
            : `Nobody has ${round(missing)} h of ${round(meant)} h.`,
    },
    {
      part: 'rules' as const,
      score: Math.max(0, 100 - costs),
      reason: broken.length === 0 ? 'No rule is broken.' : `${broken.length} broken: ${broken[0]!.message}`,
    },
    ...even,
  ].map((one) => ({ ...one, score: round(one.score), weight: WEIGHTS[one.part] }));
  return {
    from: iso(from),
    to: iso(to),
    total: round(parts.reduce((sum, one) => sum + one.score * one.weight, 0) / 100),
    parts,
    gap_hours: round(missing),
    gaps: covered
      .flatMap(({ role, gaps }) => gaps.map((gap) => ({ starts: iso(gap.start), ends: iso(gap.end), role })))
      .slice(0, MOST_GAPS),
    broken: broken.map(({ policy, person, message }) => ({ policy, person: person ?? null, message })),
    people: people
      .map((one, at) => ({
        person: one.name,
        display_name: one.display_name,
        turns: new Set(
          (seats.get(one.name) ?? []).map(
            (seat) => `${seat.layer} ${seat.turn} ${seat.layer === undefined ? seat.override : ''}`,
          ),
        ).size,
        hours: round(counts[at]![0]),
        night_hours: round(counts[at]![1]),
        weekend_hours: round(counts[at]![2]),
        holiday_hours: round(counts[at]![3]),
        fair_hours: round(shares[at]![0]!),
        past_hours: round(behind[at]!.past[0]!),
      }))
      .sort((a, b) => b.hours - a.hours || (a.person < b.person ? -1 : 1)),
  };
};
