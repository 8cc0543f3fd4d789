/** Words of readiness: who could be reached, test pages by the calendar, the weekly digest. */
const DAYS = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
} as const;
type Day = keyof typeof DAYS;
const WEEKS = { every: 'every week', first: 'first', second: 'second', third: 'third', fourth: 'fourth', last: 'last' } as const;
type Week = keyof typeof WEEKS;

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);

export const readiness = {
  title: 'Readiness',
  fact: (lost: number, all: number) =>
    lost > 0 ? `nothing reaches ${lost} of ${people(all)}` : `${people(all)}, each with a way that works`,
  empty: 'Nobody is counted on yet',
  emptyWhy: 'Whom an escalation policy counts on is listed here, with what would keep a page from arriving.',
  list: 'Who is counted on, worst first',
  head: { person: 'Person', state: 'State', why: 'Why', test: 'Last test page', policies: 'Policies' },
  states: { unreachable: 'No way works', doubtful: 'To put right', ready: 'Ready' },
  sentenceOf: (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
  nothing: 'Nothing speaks against it',
  neverTested: 'Never tested',
  tests: { open: 'Waits for an answer', confirmed: 'Confirmed', unconfirmed: 'Not confirmed' },
  plans: 'Test pages by the calendar',
  plansWhy:
    'Each person is asked by day on their own clock, by every way at once, and confirms as a page is acknowledged. At night, in quiet hours and on leave nobody is asked.',
  noPlans: 'None is planned.',
  plan: 'Plan test pages',
  change: 'Change',
  changeLabel: (name: string) => `Change ${name}`,
  sentence: (week: Week, day: Day, at: string) =>
    week === 'every' ? `Every ${DAYS[day]} at ${at}` : `The ${WEEKS[week]} ${DAYS[day]} of the month at ${at}`,
  whom: (team: string | undefined, count: number) => (team ? `team ${team}, ${people(count)}` : `everybody, ${people(count)}`),
  next: (on: string) => `next ${on}`,
  off: 'Off',
  last: (on: string, confirmed: number, sent: number) => `${on}: ${confirmed} of ${sent} confirmed`,
  waiting: (open: number) => `${open} may still answer`,
  form: {
    title: 'Plan test pages',
    titleChange: (name: string) => `Test pages ${name}`,
    name: 'Name',
    nameHint: 'e.g. monthly',
    team: 'Who',
    everybody: 'Everybody a policy counts on',
    week: 'When',
    day: 'Day',
    at: 'Time',
    atHint: 'On the clock of each person, from 08:00 to 20:59.',
    hours: 'Confirmed within, in hours',
    enabled: 'Send them',
    save: 'Save plan',
    saved: 'Plan saved',
    remove: 'Remove',
    removed: (name: string) => `Removed ${name}`,
    weeks: {
      every: 'Every week',
      first: 'First in the month',
      second: 'Second in the month',
      third: 'Third in the month',
      fourth: 'Fourth in the month',
      last: 'Last in the month',
    },
    days: DAYS,
  },
  digest: 'Weekly digest',
  digestOn: (day: Day, at: string) =>
    `Each ${DAYS[day]} at ${at} on their own clock, administrators get by mail who could not be reached and why, and leads get it about their teams.`,
  digestOff: 'It is switched off. Administrators and leads of teams would get by mail who could not be reached and why.',
  digestTitle: 'Weekly digest',
  digestEnabled: 'Mail it',
  digestSave: 'Save digest',
  digestSaved: 'Digest saved',
};
