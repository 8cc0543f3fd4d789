const hour: Record<string, string> = {
  holiday: 'on a public holiday',
  weekend: 'at the weekend',
  after_hours: 'after hours',
  working_hours: 'in working hours',
};

/** Words of what being on call comes to. */
export const compensation = {
  title: 'Compensation',
  csv: 'CSV',
  csvLabel: 'Download as CSV',
  earlier: 'Month before',
  later: 'Month after',
  filters: { q: 'Person or schedule', team: 'Team of the schedule' },
  clear: 'Clear filters',
  none: 'Nobody was on call',
  noneWhy: 'There is no shift and no page in this month that you may read of. You see your own, and those of teams you manage.',
  nothingFits: 'Nothing fits these filters',
  class: { holiday: 'Holiday', weekend: 'Weekend', after_hours: 'After hours', working_hours: 'Working hours' } as Record<
    string,
    string
  >,
  head: { schedule: 'Schedule', onCall: 'On call', shifts: 'Shifts', pages: 'Pages', amount: 'Amount' },
  offDuty: 'Paged while not on call',
  elsewhere: (time: string) => `${time} counted elsewhere`,
  notes: 'To know',
  rules: 'Rules',
  noRates: 'No rates are set, so there are hours alone.',
  setBy: 'An administrator sets rates and rules in the settings.',
  rate: (amount: string, per: string, name: string | undefined, role: string | undefined, days: string) =>
    `${amount} for each ${per}${name ? ` ${hour[name]}` : ''}${role ? ` as ${role}` : ''}${days}`,
  from: (day: string) => `, from ${day}`,
  until: (day: string) => `, until ${day}`,
  order: 'Time of several kinds is',
  clock: 'Local time of',
  clockOf: { person: 'each person', schedule: 'the schedule' } as Record<string, string>,
  overlap: 'On two schedules',
  overlapOf: { once: 'counts once', each: 'counts for each' } as Record<string, string>,
  zone: 'Months of',
  agrees: 'Agrees with the shifts',
  agreement: (shift: string, parts: string) => `${shift} of shifts${parts}`,
  counted: (time: string) => `${time} counted`,
  twice: (time: string) => `${time} in two roles at once`,
  away: (time: string) => `${time} counted elsewhere`,
  gap: (time: string) => `nobody for ${time}`,
};
