import { describe, expect, test } from 'vitest';
import { remarkText } from './source.ts';
import { problemsOf, read, wantedOf } from './testing.ts';

const PEOPLE = `people:
  - {name: ana-souza, display_name: Ana Souza, email: ana@example.com}
  - {name: ben, display_name: Ben, email: ben@example.com}
  - {name: carla, display_name: Carla, email: carla@example.com}
teams: [{name: core, lead: carla, members: [ana-souza, ben]}]
`;
const ROTATION = `schedule:
  rotation: weekly
  handoff_day: Monday
  handoff_time: "10:00 AM UTC"
  week_1: {primary: Ana Souza, secondary: ben}
  week_2: {primary: Ben, secondary: ana-souza}
`;
const made = (text: string) => wantedOf(PEOPLE + text);

describe('severities', () => {
  test.each<[string, Record<string, unknown>]>([
    ['response_time: "5 minutes"', { response_time: '5 minutes', response_seconds: 300 }],
    ['response_time: Next business day', { response_time: 'Next business day', response_business_days: 1 }],
    ['communication: Every 15 minutes', { update_every_seconds: 900 }],
    ['communication: Every 2 hours', { update_every_seconds: 7200 }],
    ['communication: Daily update', { communication: 'Daily update', update_every_seconds: 86_400 }],
    ['communication: executives only', { communication: 'executives only' }],
    ['target_resolution: "< 4 hours"', { target_resolution_seconds: 14_400 }],
    ['examples: Database down', { examples: ['Database down'] }],
    ['escalation: VP of Engineering notified', { escalation: 'VP of Engineering notified' }],
  ])('%s', (line, expected) =>
    expect(wantedOf(`severities:\n  - level: SEV-1\n    ${line}`).wanted.severities[0]).toMatchObject({
      level: 'SEV-1',
      ...expected,
    }),
  );

  test('a number that says otherwise than the words is refused; words that say no time are kept with a warning', () => {
    expect(problemsOf('severities: [{level: S1, response_time: 5 minutes, response_seconds: 60}]')).toEqual([
      '1.yaml:1:70: expected 300, which is what response_time says ("5 minutes"), got 60',
    ]);
    const { warnings, wanted } = wantedOf('severities: [{level: S1, response_time: best effort}]');
    expect(warnings[0]).toMatch(/^1\.yaml:1:41: "best effort" is kept as words/);
    expect(wanted.severities[0]).toEqual({
      level: 'S1',
      name: '',
      description: '',
      response_time: 'best effort',
      roles_required: [],
      examples: [],
    });
  });
});

describe('roles and templates', () => {
  test('a map of roles becomes a list', () =>
    expect(
      wantedOf('roles:\n  Incident Commander: {responsibilities: [Decides], who: Ana}\n  scribe: {responsibilities: Writes}')
        .wanted.roles,
    ).toEqual([
      { name: 'incident-commander', title: 'Incident Commander', responsibilities: ['Decides'], must_not: [], who: 'Ana' },
      { name: 'scribe', title: '', responsibilities: ['Writes'], must_not: [] },
    ]));
  test('a map of templates may hold just their text', () =>
    expect(wantedOf('templates: {first: "We look into it", second: {body: B, subject: S}}').wanted.templates).toMatchObject([
      { name: 'first', body: 'We look into it' },
      { name: 'second', subject: 'S' },
    ]));
  test('a mistake in a map is told at its key', () =>
    expect(problemsOf('roles:\n  scribe:\n    responsibilites: []')).toEqual([
      '1.yaml:3:5: unknown key responsibilites: did you mean responsibilities?',
    ]));
});

describe('postmortem', () => {
  test('gets a name, seconds and instants; past midnight is the next day', () => {
    const { postmortems } = wantedOf(
      'postmortem:\n  title: Disk full!\n  date: January 14, 2026\n  duration: 1 hour 5 minutes\n  authors: Ana, Ben and Carla\n  timeline:\n    - {time: "23:50 UTC", event: a}\n    - {time: "00:55 UTC", event: b}\n    - {time: "02:00 Europe/Amsterdam", event: c}',
    ).wanted;
    expect(postmortems[0]).toMatchObject({
      name: '2026-01-14-disk-full',
      date: '2026-01-14',
      duration_seconds: 3900,
      authors: ['Ana', 'Ben', 'Carla'],
    });
    expect(postmortems[0]?.timeline.map((entry) => entry.at)).toEqual([
      '2026-01-14T23:50:00Z',
      '2026-01-15T00:55:00Z',
      '2026-01-15T01:00:00Z',
    ]);
  });
  test('one `postmortem:` does not speak for all of them', () => expect(wantedOf('postmortem: {title: T}').scope.size).toBe(0));
  test.each([
    ['{title: T, date: soon}', '1.yaml:1:30: expected a date such as 2026-03-01, got "soon"'],
    ['{title: "!"}', '1.yaml:1:21: expected a title with a letter or digit, or a name, got "!"'],
    ['{title: T, action_items: [{owner: x}]}', '1.yaml:1:39: expected the key description (text): it is missing'],
  ])('%s', (value, expected) => expect(problemsOf(`postmortem: ${value}`)).toEqual([expected]));
});

describe('schedule', () => {
  test('two layers, weekly, handed over as said; week_1 begins the week it is first read in', () => {
    const { wanted, scope, warnings } = made(ROTATION);
    expect(wanted.schedules).toEqual([
      {
        name: 'on-call',
        title: '',
        time_zone: 'UTC',
        layers: [
          {
            name: 'primary',
            role: 'primary',
            shadow: false,
            rotation: { every: 1, unit: 'week' },
            starts: '2026-03-02T10:00',
            participants: ['ana-souza', 'ben'],
          },
          {
            name: 'secondary',
            role: 'secondary',
            shadow: false,
            rotation: { every: 1, unit: 'week' },
            starts: '2026-03-02T10:00',
            participants: ['ben', 'ana-souza'],
          },
        ],
        policies: { max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 },
      },
    ]);
    expect(scope.has('schedules')).toBe(false);
    expect(wanted.escalation_policies).toEqual([]);
    expect(warnings[0]).toMatch(/the first turn begins on 2026-03-02 at 10:00/);
  });

  test('read again weeks later, the first turn stays where it was', () => {
    const first = made(ROTATION).wanted;
    const later = {
      ...first,
      schedules: first.schedules.map((one) => ({
        ...one,
        layers: one.layers.map((layer) => ({ ...layer, starts: '2025-12-01T10:00' })),
      })),
    };
    expect(wantedOf(PEOPLE + ROTATION, later).wanted.schedules[0]?.layers[0]?.starts).toBe('2025-12-01T10:00');
    expect(wantedOf(PEOPLE + ROTATION.replace('10:00 AM', '11:00 AM'), later).wanted.schedules[0]?.layers[0]?.starts).toBe(
      '2026-03-02T11:00',
    );
  });

  test.each<[string, string, Record<string, unknown>]>([
    [
      'zone and day in the time',
      ROTATION.replace('  handoff_day: Monday\n', '').replace('10:00 AM UTC', 'Tuesday 09:00 Europe/Berlin'),
      { time_zone: 'Europe/Berlin', layers: [{ starts: '2026-03-03T09:00' }, {}] },
    ],
    [
      'a zone of its own',
      ROTATION.replace(' UTC', '').replace('rotation', 'time_zone: Asia/Tokyo\n  rotation'),
      { time_zone: 'Asia/Tokyo' },
    ],
    [
      'later on the handoff day',
      ROTATION.replace('Monday', 'Wednesday').replace('10:00 AM', '11 PM'),
      { layers: [{ starts: '2026-02-25T23:00' }, {}] },
    ],
    ['every two weeks', ROTATION.replace('weekly', 'every 2 weeks'), { layers: [{ rotation: { every: 2, unit: 'week' } }, {}] }],
    [
      'daily',
      ROTATION.replace('weekly', 'daily').replace('  handoff_day: Monday\n', ''),
      { layers: [{ rotation: { every: 1, unit: 'day' }, starts: '2026-03-04T10:00' }, {}] },
    ],
    ['a start of its own', `${ROTATION}  starts: 2026-01-05\n`, { layers: [{ starts: '2026-01-05T10:00' }, {}] }],
    ['primary only', ROTATION.replaceAll(/, secondary: [\w-]+/g, ''), { layers: [{ participants: ['ana-souza', 'ben'] }] }],
    [
      'two together',
      ROTATION.replace('primary: Ana Souza', 'primary: [ana-souza, carla]'),
      { layers: [{ participants: [['ana-souza', 'carla'], 'ben'] }, {}] },
    ],
    [
      'week_10 after week_9',
      `${ROTATION}  week_10: {primary: carla, secondary: ben}\n  week_9: {primary: ben, secondary: carla}\n`,
      { layers: [{ participants: ['ana-souza', 'ben', 'ben', 'carla'] }, {}] },
    ],
    [
      'policies',
      `${ROTATION}  policies: {max_consecutive_days: 5, min_gap_days: 0, after_hours_comp: {night: 1.5x}}\n`,
      { policies: { max_consecutive_days: 5, min_gap_days: 0, min_rotation_size: 4, after_hours_comp: { night: '1.5x' } } },
    ],
    ['a title', `${ROTATION}  title: Core Team\n`, { name: 'core-team', title: 'Core Team' }],
  ])('%s', (_, text, expected) => expect(made(text).wanted.schedules[0]).toMatchObject(expected));

  test('its escalation is a policy', () => {
    const { wanted, warnings } = made(
      `${ROTATION}  escalation:\n    timeout_minutes: 5\n    chain: [{role: secondary}, {role: team_lead, timeout_minutes: 10}, {role: engineering_manager}, {role: vp}, carla]\nroles: {engineering_manager: {who: Ben}}`,
    );
    expect(wanted.escalation_policies).toEqual([
      {
        name: 'on-call',
        title: '',
        repeat: 2,
        steps: [
          { targets: [{ schedule: 'on-call', role: 'primary' }], escalate_after_seconds: 300, when: {} },
          { targets: [{ schedule: 'on-call', role: 'secondary' }], escalate_after_seconds: 300, when: {} },
          { targets: [{ team: 'core', who: 'lead' }], escalate_after_seconds: 600, when: {} },
          { targets: [{ person: 'ben' }], escalate_after_seconds: 300, when: {} },
          { targets: [{ person: 'carla' }], escalate_after_seconds: 300, when: {} },
        ],
        unresolved_roles: ['vp'],
      },
    ]);
    expect(warnings.some((one) => /^1\.yaml:\d+:\d+: vp pages nobody yet: nobody holds it/.test(one))).toBe(true);
  });

  test.each<[string, string, RegExp]>([
    [
      'a stranger',
      ROTATION.replace('Ana Souza', 'Zoë Quist'),
      /^1\.yaml:10:21: there is no person "Zoë Quist": add to people: \{name: zoe-quist, display_name: "Zoë Quist", email: …\}$/,
    ],
    [
      'nearly someone',
      ROTATION.replace('Ana Souza', 'Ana Suoza'),
      /there is no person "Ana Suoza": did you mean Ana Souza\?|there is no person "Ana Suoza": did you mean ana-souza\?/,
    ],
    [
      'a misspelt field',
      ROTATION.replace('handoff_day', 'handof_day'),
      /^1\.yaml:8:3: unknown key handof_day: did you mean handoff_day\?$/,
    ],
    ['no weekday', ROTATION.replace('Monday', 'Mooonday'), /^1\.yaml:8:16: expected a weekday such as Monday, got "Mooonday"$/],
    ['no time', ROTATION.replace('10:00 AM UTC', '25:00'), /^1\.yaml:9:17: expected a time such as 10:00 AM UTC/],
    ['two zones', `${ROTATION}  time_zone: Asia/Tokyo\n`, /expected one time zone, got Asia\/Tokyo and UTC/],
    ['no turns', 'schedule: {rotation: weekly}', /^1\.yaml:6:\d+: expected who takes turns: week_1/],
    [
      'a turn without secondary',
      ROTATION.replace(', secondary: ana-souza', ''),
      /^1\.yaml:11:11: expected the key secondary: the other turns have one$/,
    ],
    [
      'a strange rotation',
      ROTATION.replace('weekly', 'sometimes'),
      /^1\.yaml:7:13: expected weekly, daily, monthly or every 2 weeks, got "sometimes"$/,
    ],
    ['a start on another weekday', `${ROTATION}  starts: 2026-01-06\n`, /expected a Monday, as in handoff_day, got 2026-01-06/],
    [
      'the name of another schedule',
      `${ROTATION}schedules: [{name: on-call, time_zone: UTC, layers: []}]`,
      /on-call is in schedules twice/,
    ],
  ])('refuses %s', (_, text, expected) => {
    const problems = read(PEOPLE + text).problems.map(remarkText);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });
});
