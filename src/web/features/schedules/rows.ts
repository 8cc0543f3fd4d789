import { schedules as t } from '../../text/schedules.ts';
import { clock, weekdayAndDay } from '../../time.ts';
import type { GanttBar, GanttRow } from '../../ui/gantt.tsx';
import { gapsFor, piecesOf, rolesOf } from './changes.ts';
import { layerNote } from './describe.ts';
import type { Layer, Override, Role, Timeline } from './queries.ts';

export type Words = { called: (name: string) => string; me: string | undefined; zone: string };

const ms = (at: string) => Date.parse(at);
/** `Fri 13 Nov 18:00`, in the zone that is shown. */
export const moment = (at: number | string, zone: string): string => `${weekdayAndDay(at, zone)} ${clock(at, zone)}`;

const named = (person: string, { called, me }: Words) => (person === me ? `${called(person)} (${t.you})` : called(person));

type Shift = Timeline['shifts'][number];
const shiftBar = (shift: Shift, words: Words, onOpen?: (shift: Shift) => void): GanttBar => ({
  key: `${shift.person} ${shift.starts} ${shift.layer ?? ''} ${shift.override_id ?? ''} ${shift.shadow}`,
  from: ms(shift.starts),
  to: ms(shift.ends),
  label: words.called(shift.person),
  note:
    [
      shift.person === words.me ? t.you : '',
      shift.training?.stage === 'reverse_shadow' ? t.chart.first : shift.shadow ? t.chart.shadow : '',
    ]
      .filter(Boolean)
      .join(', ') || undefined,
  told: t.chart.told(named(shift.person, words), moment(shift.starts, words.zone), moment(shift.ends, words.zone), shift.reason),
  tint: words.called(shift.person),
  look: shift.shadow ? 'shadow' : shift.override_id ? 'override' : 'shift',
  mine: shift.person === words.me,
  ...(onOpen ? { onOpen: () => onOpen(shift) } : {}),
});

const gapBars = (timeline: Timeline, role: Role, words: Words, onOpen?: (from: string, to: string) => void): GanttBar[] =>
  gapsFor(timeline, role).map((gap) => ({
    key: `gap ${gap.starts}`,
    from: ms(gap.starts),
    to: ms(gap.ends),
    label: t.chart.gap,
    told: t.chart.gapTold(
      moment(gap.starts, words.zone),
      moment(gap.ends, words.zone),
      gap.role === null ? undefined : t.role[role],
    ),
    look: 'gap',
    ...(onOpen ? { onOpen: () => onOpen(gap.starts, gap.ends) } : {}),
  }));

type Acts = {
  /** A stretch of a role was drawn with the mouse. */
  onDraw: (role: Role, from: number, to: number) => void;
  onShift: (shift: Shift) => void;
  onGap: (role: Role, from: string, to: string) => void;
};

/** Who is on call in the end, one row a role: the row on which overrides are drawn. `title` in the place of the role. */
export const finalRows = (timeline: Timeline, words: Words, acts?: Acts, title?: string): GanttRow[] => {
  const roles = rolesOf(timeline);
  return roles.map((role) => ({
    key: `final ${timeline.schedule} ${role}`,
    label: `${title ?? t.chart.onCall}, ${t.role[role]}`,
    title: title && role === roles[0] ? title : roles.length > 1 ? t.role[role] : t.chart.onCall,
    note: title ? (role === roles[0] && roles.length > 1 ? t.role[role] : undefined) : acts ? t.chart.drag : t.chart.happens,
    ground: 'final' as const,
    bars: [
      ...timeline.shifts.filter((shift) => shift.role === role).map((shift) => shiftBar(shift, words, acts?.onShift)),
      ...gapBars(timeline, role, words, acts && ((from, to) => acts.onGap(role, from, to))),
    ],
    ...(acts ? { onDraw: (from: number, to: number) => acts.onDraw(role, from, to) } : {}),
  }));
};

/** The same after a change: what is new stands out, the rest steps back. */
export const afterRows = (before: Timeline | undefined, after: Timeline, words: Words): GanttRow[] => {
  const roles = rolesOf(after);
  return roles.map((role) => ({
    key: `after ${role}`,
    label: `${t.chart.after}, ${t.role[role]}`,
    title: t.chart.after,
    note: roles.length > 1 ? `${t.role[role]}. ${t.chart.notSaved}` : t.chart.notSaved,
    ground: 'preview' as const,
    faded: before !== undefined,
    bars: [
      ...after.shifts
        .filter((shift) => shift.role === role)
        .flatMap((shift) => {
          const bar = shiftBar(shift, words);
          return piecesOf(shift, before?.shifts ?? [shift]).map(
            ({ from, to, fresh }): GanttBar => ({
              ...bar,
              key: `${bar.key} ${from}`,
              from,
              to,
              ...(fresh
                ? { look: 'new', told: t.chart.freshTold(bar.label, moment(from, words.zone), moment(to, words.zone)) }
                : {}),
            }),
          );
        }),
      ...gapBars(after, role, words),
    ],
  }));
};

export const overrideText = (one: Pick<Override, 'kind' | 'person' | 'replaces' | 'role'>, called: Words['called']): string => {
  const whom = one.replaces ? called(one.replaces) : one.role ? t.role[one.role].toLowerCase() : t.everyone.toLowerCase();
  const as = one.role && one.replaces !== undefined ? ` ${t.overrides.as(t.role[one.role])}` : '';
  if (one.kind === 'remove') return t.overrides.take(one.replaces ? called(one.replaces) : t.everyone) + as;
  const who = called(one.person ?? '');
  return one.kind === 'add'
    ? `${t.overrides.add(who)}${one.role ? ` ${t.overrides.as(t.role[one.role])}` : ''}`
    : t.overrides.replace(who, whom) + as;
};

export const overridesRow = (overrides: Override[], words: Words): GanttRow => ({
  key: 'overrides',
  label: t.chart.overrides,
  title: t.chart.overrides,
  note: t.chart.inView(overrides.length),
  bars: overrides.map((one) => ({
    key: one.id,
    from: ms(one.starts),
    to: ms(one.ends),
    label:
      one.kind === 'remove'
        ? t.chart.takenOff(one.replaces ? words.called(one.replaces) : t.everyone)
        : words.called(one.person ?? ''),
    told: t.chart.told(overrideText(one, words.called), moment(one.starts, words.zone), moment(one.ends, words.zone), ''),
    tint: words.called(one.person ?? one.replaces ?? ''),
    look: 'override',
    mine: one.person === words.me,
  })),
});

/** The layers, the one that wins on top. */
export const layerRows = (timeline: Timeline, layers: Layer[], words: Words): GanttRow[] =>
  timeline.layers
    .map((layer) => ({
      key: `layer ${layer.name}`,
      label: t.chart.layer(layer.name),
      title: layer.name,
      note: layers.filter((one) => one.name === layer.name).map(layerNote)[0],
      bars: layer.turns.map((turn) => shiftBar(turn, words)),
    }))
    .reverse();
