import type { EscalationPolicy, Target } from '../../contract/escalation.ts';
import {
  type KeptPolicy,
  type KeptSchedule,
  keptPolicy,
  keptSchedule,
  type ProcessDocument,
  SHORT_KEYS,
  type ShortSchedule,
} from '../../contract/process.ts';
import type { Layer, OnCallRole } from '../../contract/schedule.ts';
import { jsonSchemaOf } from './explain.ts';
import { type LocalMoment, parseLocalMoment } from './local-times.ts';
import { slugify } from './names.ts';
import { closest, didYouMean } from './suggest.ts';
import type { Reporter } from './types.ts';

const TURN = /^(?:week|day|month|turn|shift)[ _-]?(\d{1,3})$/i;
type Rotation = Layer['rotation'];
const ON_CALL_ROLES: readonly OnCallRole[] = ['primary', 'secondary', 'tertiary'];
const UNITS = { hour: 'hour', day: 'day', week: 'week', month: 'month' } as const;
const ROTATIONS: Record<string, Rotation> = {
  daily: { every: 1, unit: 'day' },
  weekly: { every: 1, unit: 'week' },
  biweekly: { every: 2, unit: 'week' },
  'bi-weekly': { every: 2, unit: 'week' },
  fortnightly: { every: 2, unit: 'week' },
  monthly: { every: 1, unit: 'month' },
};

/** Keys of a short schedule that are neither fields nor turns, with what was probably meant. */
export const strangeKeys = (value: object): { key: string; message: string }[] => {
  const known = Object.keys((jsonSchemaOf(SHORT_KEYS.schedule).properties ?? {}) as object);
  return Object.keys(value)
    .filter((key) => !known.includes(key) && !TURN.test(key))
    .map((key) => {
      const near = closest(key, known);
      return {
        key,
        message: `unknown key ${key}${near ? `: did you mean ${near}?` : `: expected ${known.join(', ')}, or week_1, week_2 …`}`,
      };
    });
};

/**
 * A wiki's rotation as a schedule with one layer a role, and its escalation as a policy. `known` is everything
 * in the files and, behind them, in the installation: people and role holders are looked up there.
 */
export const convertSchedule = (
  short: ShortSchedule,
  known: ProcessDocument,
  now: Temporal.Instant,
  report: Reporter,
): { schedule: KeptSchedule; policy: KeptPolicy | undefined } | undefined => {
  const name = short.name ?? (slugify(short.title ?? '') || 'on-call');
  const rotation = rotationOf(short.rotation);
  if (!rotation) report.problem(['rotation'], `expected weekly, daily, monthly or every 2 weeks, got "${short.rotation}"`);
  const handoff = handoffOf(short, report);
  const layers = turnsOf(short, known, report);
  if (!rotation || !handoff || !layers) return undefined;
  const before = known.schedules.find((one) => one.name === name);
  const starts = startsAt(short, handoff, rotation, before?.layers[0]?.starts, now, report);
  const { after_hours_comp, ...limits } = short.policies ?? {};
  const schedule = keptSchedule.safeParse({
    name,
    ...(short.title ? { title: short.title } : {}),
    time_zone: handoff.zone,
    layers: layers.map(({ role, participants }) => ({ name: role, role, rotation, starts, participants })),
    policies: { ...limits, ...(after_hours_comp === undefined ? {} : { after_hours_comp }) },
  });
  if (!schedule.success) {
    report.problem(
      [],
      `this rotation makes no schedule: ${schedule.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    );
    return undefined;
  }
  return {
    schedule: schedule.data,
    policy: short.escalation
      ? policyOf(
          name,
          short,
          layers.map((layer) => layer.role),
          known,
          report,
        )
      : undefined,
  };
};

const rotationOf = (words: string): Rotation | undefined => {
  const text = words.toLowerCase().trim();
  const known = ROTATIONS[text];
  if (known) return known;
  const found = /^(?:every )?(\d{1,3}|one|two|three|four)? ?(hour|day|week|month)s?$/.exec(text);
  if (!found) return undefined;
  const every = { one: 1, two: 2, three: 3, four: 4 }[found[1] ?? 'one'] ?? Number(found[1]);
  return every > 0 ? { every, unit: UNITS[found[2] as keyof typeof UNITS] } : undefined;
};

type Handoff = { day: number; time: string; zone: string };
const handoffOf = (short: ShortSchedule, report: Reporter): Handoff | undefined => {
  const read = (key: 'handoff_day' | 'handoff_time'): LocalMoment => {
    const words = short[key];
    if (words === undefined) return {};
    const found = parseLocalMoment(words);
    if (!found || found.date)
      report.problem(
        [key],
        `expected ${key === 'handoff_day' ? 'a weekday such as Monday' : 'a time such as 10:00 AM UTC or Monday 09:00 Europe/Berlin'}, got "${words}"`,
      );
    else return found;
    return { day: 1, time: '00:00', zone: 'UTC' };
  };
  const day = read('handoff_day');
  const time = read('handoff_time');
  if (day.day !== undefined && time.day !== undefined && day.day !== time.day)
    report.problem(['handoff_time'], `names another weekday than handoff_day: expected it in one of them`);
  const zones = [...new Set([short.time_zone, time.zone, day.zone].filter((zone) => zone !== undefined))];
  if (zones.length > 1)
    report.problem([short.time_zone ? 'time_zone' : 'handoff_time'], `expected one time zone, got ${zones.join(' and ')}`);
  if (zones.length === 0)
    report.warning(['handoff_time'], 'names no time zone: UTC is meant. Write 09:00 Europe/Berlin, or time_zone');
  const clock = time.time ?? day.time;
  if (clock === undefined) {
    report.problem(['handoff_time'], `expected a time such as 10:00 AM UTC, got "${short.handoff_time}"`);
    return undefined;
  }
  return { day: time.day ?? day.day ?? 1, time: clock, zone: zones[0] ?? 'UTC' };
};

type Turns = { role: OnCallRole; participants: (string | string[])[] };
const turnsOf = (short: ShortSchedule, known: ProcessDocument, report: Reporter): Turns[] | undefined => {
  const turns = Object.entries(short)
    .filter(([key]) => TURN.test(key))
    .map(([key, value]) => ({
      key,
      number: Number(TURN.exec(key)?.[1]),
      turn: value as { primary: string | string[]; secondary?: string | string[]; tertiary?: string | string[] },
    }))
    .sort((a, b) => a.number - b.number);
  if (turns.length === 0) {
    report.problem([], 'expected who takes turns: week_1: {primary: …, secondary: …}, week_2: …');
    return undefined;
  }
  let whole = true;
  const layers: Turns[] = [];
  for (const role of ON_CALL_ROLES) {
    const some = turns.some(({ turn }) => turn[role] !== undefined);
    if (!some) continue;
    const participants = turns.flatMap(({ key, turn }) => {
      const names = turn[role];
      if (names === undefined) {
        report.problem([key], `expected the key ${role}: the other turns have one`);
        whole = false;
        return [];
      }
      const found = [names]
        .flat()
        .map(
          (words, index) =>
            personNamed(words, known) ??
            missingPerson(words, known, report, Array.isArray(names) ? [key, role, index] : [key, role]),
        );
      const people = found.filter((name) => name !== undefined);
      if (people.length < found.length) whole = false;
      return people.length === 0 ? [] : [people.length === 1 ? (people[0] as string) : people];
    });
    layers.push({ role, participants });
  }
  return whole ? layers : undefined;
};

/** Someone by stable name, by the name shown, or by what that becomes as a stable name. */
const personNamed = (words: string, known: ProcessDocument): string | undefined => {
  const plain = words.trim().replace(/^@/, '').toLowerCase();
  return known.people.find(
    (person) =>
      person.name === plain ||
      person.display_name.toLowerCase() === plain ||
      person.email.toLowerCase() === plain ||
      person.name === slugify(plain),
  )?.name;
};
const missingPerson = (
  words: string,
  known: ProcessDocument,
  report: Reporter,
  path: string[] | (string | number)[],
): undefined => {
  const near = didYouMean(
    words,
    known.people.flatMap((person) => [person.name, person.display_name]),
  );
  report.problem(
    path,
    `there is no person "${words}"${near.startsWith(':') ? near : `: add to people: {name: ${slugify(words)}, display_name: ${JSON.stringify(words)}, email: …}`}`,
  );
  return undefined;
};

/** The first handoff: as given; else as the schedule that is there has it; else the last one before now. */
const startsAt = (
  short: ShortSchedule,
  handoff: Handoff,
  rotation: Rotation,
  before: string | undefined,
  now: Temporal.Instant,
  report: Reporter,
): string => {
  const fits = (date: Temporal.PlainDate) => rotation.unit !== 'week' || date.dayOfWeek === handoff.day;
  if (short.starts) {
    const date = Temporal.PlainDate.from(short.starts);
    if (!fits(date) && short.handoff_day !== undefined)
      report.problem(['starts'], `expected a ${short.handoff_day}, as in handoff_day, got ${short.starts}`);
    return `${date}T${handoff.time}`;
  }
  if (before) {
    const was = Temporal.PlainDateTime.from(before);
    if (fits(was.toPlainDate()) && before.endsWith(`T${handoff.time}`)) return before;
  }
  const local = now.toZonedDateTimeISO(handoff.zone);
  const daysBack = rotation.unit === 'week' ? (local.dayOfWeek - handoff.day + 7) % 7 : 0;
  let date = local.toPlainDate().subtract({ days: daysBack });
  if (Temporal.PlainDateTime.compare(`${date}T${handoff.time}`, local.toPlainDateTime()) > 0)
    date = date.subtract({ days: rotation.unit === 'week' ? 7 : 1 });
  if (rotation.unit === 'month') date = date.with({ day: 1 });
  report.warning([], `the first turn begins on ${date} at ${handoff.time}: write starts: ${date} to keep it, or another day`);
  return `${date}T${handoff.time}`;
};

const policyOf = (name: string, short: ShortSchedule, roles: string[], known: ProcessDocument, report: Reporter): KeptPolicy => {
  const { timeout_minutes, chain } = short.escalation as NonNullable<ShortSchedule['escalation']>;
  const wait = (minutes: number | undefined) => Math.round((minutes ?? timeout_minutes) * 60);
  const links = chain.map((link) => (typeof link === 'string' ? { role: link } : link));
  const steps: EscalationPolicy['steps'] = [];
  const unresolved: string[] = [];
  const startsWithPrimary = links[0] !== undefined && slugify(links[0].role) === 'primary';
  if (!startsWithPrimary)
    steps.push({ targets: [{ schedule: name, role: 'primary' }], escalate_after_seconds: wait(undefined), when: {} });
  for (const [index, link] of links.entries()) {
    const found = targetOf(link, name, short.team, roles, known);
    if ('target' in found)
      steps.push({
        targets: [found.target],
        escalate_after_seconds: wait('timeout_minutes' in link ? link.timeout_minutes : undefined),
        when: {},
      });
    else {
      unresolved.push(link.role);
      report.warning(
        ['escalation', 'chain', index],
        `${link.role} pages nobody yet: ${found.why}. It is kept in unresolved_roles`,
      );
    }
  }
  return keptPolicy.parse({
    name,
    ...(short.title ? { title: short.title } : {}),
    steps,
    ...(unresolved.length > 0 ? { unresolved_roles: unresolved } : {}),
  });
};

/** Whom a role of a chain means: a person named with it, a layer, a team's lead, the holder that `roles:` names, or a person of that name. */
const targetOf = (
  link: { role: string; person?: string | undefined; team?: string | undefined },
  schedule: string,
  team: string | undefined,
  roles: string[],
  known: ProcessDocument,
): { target: Target } | { why: string } => {
  const role = slugify(link.role).replaceAll(/[._]/g, '-');
  if (link.person !== undefined) {
    const person = personNamed(link.person, known);
    return person ? { target: { person } } : { why: `there is no person "${link.person}"` };
  }
  const layer = ON_CALL_ROLES.find((one) => one === role || `${one}-on-call` === role);
  if (layer) return roles.includes(layer) ? { target: { schedule, role: layer } } : { why: `the rotation has no ${layer}` };
  if (link.team !== undefined)
    return known.teams.some((one) => one.name === link.team)
      ? { target: { team: link.team, who: role.includes('lead') ? 'lead' : 'all' } }
      : { why: `there is no team named ${link.team}` };
  const holder = known.roles.find(
    (one) => slugify(one.name).replaceAll(/[._]/g, '-') === role || slugify(one.title).replaceAll(/[._]/g, '-') === role,
  )?.who;
  const held = [holder ?? []]
    .flat()
    .map((words) => personNamed(words, known))
    .find((person) => person !== undefined);
  if (held) return { target: { person: held } };
  if (role === 'team-lead' || role === 'lead' || role === 'tech-lead') {
    const led = known.teams.filter((one) => one.lead && (team === undefined || one.name === team));
    if (led.length === 1) return { target: { team: led[0]?.name as string, who: 'lead' } };
    return {
      why:
        led.length === 0
          ? 'no team has a lead; give a team its lead'
          : `more than one team has a lead; write {role: ${link.role}, team: …}`,
    };
  }
  const person = personNamed(link.role, known);
  return person
    ? { target: { person } }
    : { why: `nobody holds it; write {role: ${link.role}, person: …}, or roles: {${link.role}: {who: …}}` };
};
