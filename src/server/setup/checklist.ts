import type { Facts } from './types.ts';

type Seen = { done: boolean; fix: string };
export type Item = {
  id: string;
  title: string;
  why: string;
  /** Absent: Allclear cannot know it, a person ticks it. */
  seen?: (facts: Facts) => Seen;
};
type Week = { title: string; text: string; items: Item[] };

/** How long a backup counts. */
const BACKUP_DAYS = 30;
const within = (at: Temporal.Instant | undefined, days: number, now: Temporal.Instant): boolean =>
  at !== undefined && Temporal.Instant.compare(at, now.subtract({ hours: 24 * days })) > 0;

/** A second person answers when the first does not, for every service. */
const hasSecond = ({ services }: Facts): boolean =>
  services.length > 0 && services.every((one) => new Set(one.steps.flatMap((step) => step.people)).size > 1);

/** Start small: four weeks, then what a team grows into. What can be seen is seen, the rest is ticked. */
export const WEEKS: Week[] = [
  {
    title: 'Week 1: severities and names',
    text: 'Enough to call an incident what it is, and to page somebody who answers.',
    items: [
      {
        id: 'severities',
        title: 'Severity levels are chosen',
        why: 'When in doubt, declare. A level may be lowered later at no cost.',
        seen: ({ severities }) => ({ done: severities.levels.length > 0, fix: '/settings/scheme' }),
      },
      {
        id: 'channel-name',
        title: 'Agree on a name for the channel of an incident',
        why: 'Such as #incident-2026-03-02-checkout, so that everybody finds it. Pin severity, commander and runbooks there.',
      },
      {
        id: 'second-person',
        title: 'Somebody else is paged when the first does not answer',
        why: 'Phones die and people sleep through. A rotation of four or five keeps it bearable.',
        seen: (facts) => ({ done: hasSecond(facts), fix: '/escalation' }),
      },
      {
        id: 'outside-watch',
        title: 'Something outside watches Allclear',
        why: 'When this server stops, only something else can tell.',
        seen: ({ deadMan }) => ({ done: deadMan, fix: '/settings/delivery' }),
      },
    ],
  },
  {
    title: 'Week 2: postmortem template',
    text: 'Decide what is written down, before there is something to write.',
    items: [
      {
        id: 'postmortem-template',
        title: 'Agree on a template for postmortems',
        why: 'Summary, impact, timeline, causes, what went well, what to change and who does it by when. Systems, not people.',
      },
      {
        id: 'notice-template',
        title: 'A template for the first notice is kept',
        why: 'Title, severity, impact, status, commander, and when the next update comes.',
        seen: ({ templates }) => ({ done: templates > 0, fix: '/settings/process' }),
      },
      {
        id: 'runbooks',
        title: 'Write the first five runbooks',
        why: 'For the alerts that page most: steps to copy, how to see that it worked, how to go back.',
      },
      {
        id: 'backup',
        title: 'A backup was taken in the last 30 days',
        why: 'And try once whether it can be restored.',
        seen: ({ backup, now }) => ({ done: within(backup, BACKUP_DAYS, now), fix: '/settings/backup' }),
      },
    ],
  },
  {
    title: 'Week 3: commander',
    text: 'One person decides, the others repair.',
    items: [
      {
        id: 'commander',
        title: 'Roles are written down, a commander among them',
        why: 'The commander decides and does not debug. In small teams one person has several roles, each of them named.',
        seen: ({ roles }) => ({ done: roles.some((name) => name.includes('command')), fix: '/settings/scheme' }),
      },
      {
        id: 'reachable',
        title: 'Nothing would keep a page from arriving',
        why: 'Everyone on call is verified, in two ways, and no turn is empty in the next 14 days.',
        seen: ({ problems, services }) => ({
          done:
            services.length > 0 &&
            !problems.some((one) => one.level === 'error' || ['person', 'schedule'].includes(one.subject_type)),
          fix: '/',
        }),
      },
      {
        id: 'training',
        title: 'Everyone on call has acknowledged a test page and read the roles',
        why: 'The first page of a new colleague should not be a real one. Let them shadow a week first.',
      },
      { id: 'tabletop', title: 'Hold a tabletop exercise', why: 'An hour with an invented incident shows what nobody knows.' },
    ],
  },
  {
    title: 'Week 4: basic metrics',
    text: 'Look at the numbers, and learn from the first incident.',
    items: [
      {
        id: 'metrics',
        title: 'Look at how long it takes to acknowledge and to resolve',
        why: 'Within 5 min and 1 h at the top level is a good target.',
      },
      {
        id: 'postmortem',
        title: 'The first blameless postmortem is kept',
        why: 'Within 48 h of the end, at least for the top two levels.',
        seen: ({ postmortems }) => ({ done: postmortems > 0, fix: '/settings/process' }),
      },
      {
        id: 'cadence',
        title: 'Updates go out on the cadence, even when nothing changed',
        why: 'Silence breeds anxiety.',
      },
      { id: 'actions', title: 'Action items have one owner and a date', why: 'And somebody looks each week at what is overdue.' },
    ],
  },
  {
    title: 'Months 3 to 6: grow',
    text: 'When the four weeks have become habit.',
    items: [
      {
        id: 'automatic-declaration',
        title: 'Declare from alerts that mean an incident',
        why: 'People then begin at the second step.',
      },
      {
        id: 'runbook-automation',
        title: 'Automate the runbooks that are followed most',
        why: 'What is done the same each time needs no one awake.',
      },
      { id: 'drills', title: 'Drill a recovery each month', why: 'Marked as a drill, with a backup restored at least once.' },
      { id: 'trends', title: 'Review trends each quarter', why: 'Which services, which hours, which people carry most of it.' },
    ],
  },
];

export const itemNamed = (id: string): Item | undefined => WEEKS.flatMap((week) => week.items).find((item) => item.id === id);

/** The list as it stands: what the system sees, and what somebody ticked. */
export const weeksOf = (facts: Facts) =>
  WEEKS.map(({ items, ...week }) => ({
    ...week,
    items: items.map(({ seen, ...item }) => {
      if (seen) return { ...item, ...seen(facts), by: 'system' as const, done_by: null, done_at: null };
      const ticked = facts.ticks.find((one) => one.item === item.id);
      return {
        ...item,
        by: 'person' as const,
        done: ticked !== undefined,
        done_by: ticked?.done_by ?? null,
        done_at: ticked?.done_at.toString() ?? null,
        fix: null,
      };
    }),
  }));
