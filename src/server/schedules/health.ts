import type { Schedule, WireScheduleWarning } from '../../contract/schedule.ts';
import type { Absences } from '../absences/types.ts';
import { roles, seatsBetween } from './shifts.ts';
import { type Interval, intersect, subtract, union } from './shifts-intervals.ts';
import { learningOf, type ScheduleOverride, type Seat } from './shifts-overrides.ts';
import { day, type LocalClock, localClock, parseWall } from './shifts-zone.ts';

/** A policy a schedule breaks: about the first breach, in `from` to `to`, with a message that counts the others. */
export type ScheduleWarning = {
  policy: WireScheduleWarning['policy'];
  person?: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  message: string;
};

export type Plan = { schedule: Schedule; overrides: readonly ScheduleOverride[] };

const instantOf = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

const localTime = (ms: number, zone: string) =>
  instantOf(ms).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');

const localSpan = ({ start, end }: Interval, zone: string) =>
  `from ${localTime(start, zone)} to ${localTime(end, zone)} (${zone})`;

const daysIn = (clock: LocalClock, { start, end }: Interval) => (clock.toWall(end) - clock.toWall(start)) / day;

const readable = (days: number) => {
  const rounded = Math.round(days * 10) / 10;
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`;
};

/** One warning for all breaches of a policy by a person: a rotation that is too fast breaks it at every turn. */
function warn(
  policy: ScheduleWarning['policy'],
  person: string,
  breaches: readonly Interval[],
  say: (first: Interval) => string,
): ScheduleWarning[] {
  const [first, ...others] = breaches;
  if (!first) return [];
  const more = others.length === 0 ? '' : `; ${others.length} more later`;
  return [{ policy, person, from: instantOf(first.start), to: instantOf(first.end), message: `${say(first)}${more}.` }];
}

const perPerson = (seats: readonly Seat[]) =>
  [
    ...Map.groupBy(
      seats.filter(({ shadow }) => !shadow).toSorted((a, b) => a.start - b.start),
      ({ person }) => person,
    ),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Time on call with never a free day between: what counts as consecutive, whatever the roles and restrictions. */
function stretches(seats: readonly Seat[]): Interval[] {
  const found: Interval[] = [];
  for (const { start, end } of seats) {
    const last = found.at(-1);
    if (last && start - last.end < day) last.end = Math.max(last.end, end);
    else found.push({ start, end });
  }
  return found;
}

/** Free time from one turn to the person's next; hours that restrictions cut out of a turn, such as its weekend, are none. */
function restsBetweenTurns(seats: readonly Seat[]): Interval[] {
  const rests: Interval[] = [];
  let end = Number.NEGATIVE_INFINITY;
  let turns = new Set<string>();
  for (const seat of seats) {
    const turn = `${seat.layer} ${seat.turn} ${seat.layer === undefined ? seat.override : ''}`;
    const isSameTurn = turns.has(turn) || seat.start - end < day;
    if (!isSameTurn) {
      if (turns.size > 0) rests.push({ start: end, end: seat.start });
      turns = new Set();
    }
    turns.add(turn);
    end = Math.max(end, seat.end);
  }
  return rests;
}

function twoRolesAtOnce(schedule: Schedule, person: string, seats: readonly Seat[], from: number, to: number): ScheduleWarning[] {
  const byRole = roles.map((role) => [role, seats.filter((seat) => seat.role === role)] as const);
  return byRole.flatMap(([role, own], at) =>
    byRole
      .slice(at + 1)
      .flatMap(([otherRole, others]) =>
        warn(
          'two_places',
          person,
          intersect(intersect(union(own), union(others)), [{ start: from, end: to }]),
          (first) => `${person} is ${role} and ${otherRole} of ${schedule.name} at once ${localSpan(first, schedule.time_zone)}`,
        ),
      ),
  );
}

function smallRotations(schedule: Schedule, clock: LocalClock, from: number, to: number): ScheduleWarning[] {
  const least = schedule.policies.min_rotation_size;
  return schedule.layers.flatMap((layer) => {
    const people = [...new Set(layer.participants.flat())];
    const start = Math.max(from, clock.toInstant(parseWall(layer.starts)));
    const end = layer.ends === undefined ? to : Math.min(to, clock.toInstant(parseWall(layer.ends)));
    if (layer.shadow || layer.calendar || people.length >= least || start >= end) return [];
    const who = `${people.length} ${people.length === 1 ? 'person' : 'people'} (${people.join(', ')})`;
    const message = `Layer ${layer.name} rotates among ${who} ${localSpan({ start, end }, schedule.time_zone)}; at least ${least} are wanted.`;
    return [{ policy: 'min_rotation_size' as const, from: instantOf(start), to: instantOf(end), message }];
  });
}

/**
 * Where a schedule breaks its policies between two instants: too many consecutive days, turns too close together, a rotation
 * too small, one person in two roles at once. Shifts that cross the edges of the window are judged whole. Days are local ones.
 */
export function healthWarnings(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): ScheduleWarning[] {
  const [start, end] = [from.epochMilliseconds, to.epochMilliseconds];
  if (start >= end) return [];
  const { max_consecutive_days: mostDays, min_gap_days: leastGap } = schedule.policies;
  const zone = schedule.time_zone;
  const clock = localClock(zone);
  const margin = 2 * (Math.max(mostDays, leastGap) + 2) * day;
  const [low, high] = [start - margin, end + margin];
  const inWindow = (breach: Interval) => breach.start < end && breach.end > start;

  const aboutPeople = perPerson(seatsBetween(schedule, overrides, low, high)).flatMap(([person, seats]) => {
    const tooLong = stretches(seats).filter((stretch) => inWindow(stretch) && daysIn(clock, stretch) > mostDays);
    const tooSoon = restsBetweenTurns(seats).filter((rest) => inWindow(rest) && daysIn(clock, rest) < leastGap);
    return [
      ...warn('max_consecutive_days', person, tooLong, (first) => {
        const least = first.start === low || first.end === high ? 'at least ' : '';
        const days = readable(daysIn(clock, first));
        return `${person} is on call ${least}${days} without a free day, ${localSpan(first, zone)}, and ${readable(mostDays)} is the most`;
      }),
      ...warn('min_gap_days', person, tooSoon, (first) => {
        const days = readable(daysIn(clock, first));
        return `${person} has ${days} between turns, ${localSpan(first, zone)}, and ${readable(leastGap)} is the least`;
      }),
      ...twoRolesAtOnce(schedule, person, seats, start, end),
    ];
  });
  return [...smallRotations(schedule, clock, start, end), ...aboutPeople];
}

/** Turns between two instants of people who are away then, or have a public holiday. Shadows do not count. */
export function absenceWarnings(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  absences: Absences,
  from: Temporal.Instant,
  to: Temporal.Instant,
): ScheduleWarning[] {
  const zone = schedule.time_zone;
  if (![...absences.values()].some((own) => own.length > 0)) return [];
  return perPerson(seatsBetween(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds)).flatMap(([person, seats]) => {
    const own = absences.get(person) ?? [];
    const leave = union(own.filter(({ kind }) => kind === 'leave'));
    const holidays = own.filter(({ kind }) => kind === 'holiday');
    const duty = union(seats);
    const namesIn = (breach: Interval) => [
      ...new Set(holidays.filter(({ start, end }) => start < breach.end && end > breach.start).map(({ name }) => name)),
    ];
    return [
      ...warn('on_leave', person, intersect(duty, leave), (first) => `${person} is away and on call ${localSpan(first, zone)}`),
      ...warn(
        'public_holiday',
        person,
        subtract(intersect(duty, union(holidays)), leave),
        (first) => `${person} has a public holiday (${namesIn(first).join(', ')}) and is on call ${localSpan(first, zone)}`,
      ),
    ];
  });
}

/** Turns between two instants in which somebody who is in training is on call, and nobody of the same role who is not. */
export function trainingWarnings(
  schedule: Schedule,
  overrides: readonly ScheduleOverride[],
  from: Temporal.Instant,
  to: Temporal.Instant,
): ScheduleWarning[] {
  const learning = new Map(overrides.flatMap(({ person }) => (person ? [[person, learningOf(person, overrides)] as const] : [])));
  if (![...learning.values()].some((own) => own.length > 0)) return [];
  const seats = seatsBetween(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds).filter(({ shadow }) => !shadow);
  const able = (of: Seat['role']) =>
    union(seats.filter(({ role }) => role === of).flatMap((seat) => subtract([seat], learning.get(seat.person) ?? [])));
  const alone = [...learning].map(([person, own]) => ({
    person,
    breaches: union(
      roles.flatMap((role) => {
        const turns = union(seats.filter((seat) => seat.person === person && seat.role === role));
        return subtract(intersect(turns, own), able(role));
      }),
    ),
  }));
  return alone
    .toSorted((a, b) => (a.person < b.person ? -1 : 1))
    .flatMap(({ person, breaches }) =>
      warn(
        'in_training',
        person,
        breaches,
        (first) =>
          `${person} is in training and on call alone ${localSpan(first, schedule.time_zone)}; nobody has signed that they are ready for it`,
      ),
    );
}

/** Who is on call in two schedules at once between two instants, told in the first one's zone. Shadows do not count. */
export function twoPlaces(plans: readonly Plan[], from: Temporal.Instant, to: Temporal.Instant): ScheduleWarning[] {
  const duties = plans.flatMap(({ schedule, overrides }) =>
    perPerson(seatsBetween(schedule, overrides, from.epochMilliseconds, to.epochMilliseconds)).map(([person, seats]) => ({
      person,
      schedule,
      when: union(seats),
    })),
  );
  return [...Map.groupBy(duties, ({ person }) => person).values()].flatMap((own) =>
    own.flatMap((duty, at) =>
      own
        .slice(at + 1)
        .flatMap((other) =>
          warn(
            'two_places',
            duty.person,
            intersect(duty.when, other.when),
            (first) =>
              `${duty.person} is on call in ${duty.schedule.name} and ${other.schedule.name} at once ${localSpan(first, duty.schedule.time_zone)}`,
          ),
        ),
    ),
  );
}
