/** Tidewell, an online grocer that does not exist: who works there, what they run, who is woken for it. */

export const VISITOR = 'kofi';

type Someone = { name: string; title: string; zone: string; role?: string; quiet?: { from: string; to: string } };
export const PEOPLE: Someone[] = [
  { name: 'mira', title: 'Mira Halvorsen', zone: 'Europe/Oslo', role: 'manager' },
  { name: 'kofi', title: 'Kofi Mensah', zone: 'Europe/Amsterdam', role: 'administrator' },
  { name: 'ines', title: 'Ines Carvalho', zone: 'Europe/Lisbon' },
  { name: 'tomas', title: 'Tomás Novák', zone: 'Europe/Prague' },
  { name: 'priya', title: 'Priya Raman', zone: 'Europe/London', role: 'manager' },
  { name: 'rafael', title: 'Rafael Ortiz', zone: 'Europe/Madrid' },
  { name: 'hana', title: 'Hana Kim', zone: 'Europe/Berlin' },
  { name: 'jonas', title: 'Jonas Weber', zone: 'Europe/Berlin', role: 'manager' },
  { name: 'yuki', title: 'Yuki Tanaka', zone: 'Asia/Tokyo' },
  { name: 'sam', title: 'Sam Whitlock', zone: 'America/Toronto' },
  { name: 'adaeze', title: 'Adaeze Obi', zone: 'Africa/Lagos' },
  { name: 'dara', title: 'Dara Quinn', zone: 'Europe/Dublin', quiet: { from: '22:00', to: '07:00' } },
  { name: 'sanne', title: 'Sanne de Vries', zone: 'Europe/Amsterdam', role: 'manager' },
  { name: 'luis', title: 'Luis Prado', zone: 'Europe/Madrid' },
  { name: 'lena', title: 'Lena Fischer', zone: 'Europe/Vienna', role: 'observer' },
  { name: 'maud', title: 'Maud Peeters', zone: 'Europe/Brussels', role: 'stakeholder' },
];

export const TEAMS = [
  { name: 'commerce', title: 'Commerce', lead: 'mira', members: ['mira', 'kofi', 'ines', 'tomas'] },
  { name: 'payments', title: 'Payments', lead: 'priya', members: ['priya', 'rafael', 'hana'] },
  { name: 'platform', title: 'Platform', lead: 'jonas', members: ['jonas', 'yuki', 'sam', 'kofi'] },
  { name: 'data', title: 'Data', lead: 'adaeze', members: ['adaeze', 'dara'] },
  { name: 'logistics', title: 'Logistics', lead: 'sanne', members: ['sanne', 'luis'] },
] as const;
type TeamName = (typeof TEAMS)[number]['name'];

type Trouble = { alert: string; summary: string; severity: 'critical' | 'error' | 'warning' | 'info'; minutes: number };
type Service = {
  name: string;
  title: string;
  team: TeamName;
  description: string;
  kind: string;
  weight: number;
  troubles: Trouble[];
};
const latency = (what: string): Trouble => ({
  alert: 'HighLatency',
  summary: `${what} p99 above 900 ms`,
  severity: 'error',
  minutes: 25,
});
const errors = (what: string): Trouble => ({
  alert: 'HighErrorRate',
  summary: `${what} returns 5xx`,
  severity: 'critical',
  minutes: 35,
});
const saturated = (what: string): Trouble => ({
  alert: 'Saturation',
  summary: `${what} pool is 95% used`,
  severity: 'warning',
  minutes: 50,
});
const disk = (what: string): Trouble => ({
  alert: 'DiskFilling',
  summary: `${what} disk full in 4 hours`,
  severity: 'warning',
  minutes: 90,
});
const stale: Trouble = { alert: 'NoData', summary: 'No data for 11 min', severity: 'error', minutes: 20 };

export const SERVICES: Service[] = [
  {
    name: 'checkout-api',
    title: 'Checkout API',
    team: 'commerce',
    description: 'Takes baskets to paid orders.',
    kind: 'alertmanager',
    weight: 9,
    troubles: [errors('Checkout API'), latency('Checkout API'), saturated('Checkout API connection')],
  },
  {
    name: 'basket',
    title: 'Basket',
    team: 'commerce',
    description: 'What a customer is about to buy.',
    kind: 'alertmanager',
    weight: 4,
    troubles: [latency('Basket'), errors('Basket')],
  },
  {
    name: 'catalogue',
    title: 'Catalogue',
    team: 'commerce',
    description: 'Products, prices, photos.',
    kind: 'alertmanager',
    weight: 3,
    troubles: [latency('Catalogue'), stale],
  },
  {
    name: 'search',
    title: 'Search',
    team: 'commerce',
    description: 'Finding products.',
    kind: 'generic',
    weight: 3,
    troubles: [
      latency('Search'),
      { alert: 'IndexLag', summary: 'Search misses new products', severity: 'warning', minutes: 200 },
    ],
  },
  {
    name: 'storefront',
    title: 'Storefront',
    team: 'commerce',
    description: 'The website and the apps.',
    kind: 'grafana',
    weight: 3,
    troubles: [
      errors('Storefront'),
      { alert: 'ClientErrors', summary: 'Apps report more errors than usual', severity: 'warning', minutes: 40 },
    ],
  },
  {
    name: 'payments-gateway',
    title: 'Payments gateway',
    team: 'payments',
    description: 'Talks to the card schemes.',
    kind: 'pagerduty',
    weight: 6,
    troubles: [
      { alert: 'Declines', summary: 'Payment declines above normal', severity: 'critical', minutes: 30 },
      latency('Payments gateway'),
    ],
  },
  {
    name: 'order-ledger',
    title: 'Order ledger',
    team: 'payments',
    description: 'Every order, for ever.',
    kind: 'alertmanager',
    weight: 4,
    troubles: [
      { alert: 'ReplicaLag', summary: 'Replica lag above 30 s', severity: 'warning', minutes: 45 },
      { alert: 'WriteLatency', summary: 'Ledger write latency p99 above 900 ms', severity: 'error', minutes: 30 },
    ],
  },
  {
    name: 'refunds',
    title: 'Refunds',
    team: 'payments',
    description: 'Gives money back.',
    kind: 'generic',
    weight: 1,
    troubles: [stale],
  },
  {
    name: 'edge-router',
    title: 'Edge router',
    team: 'platform',
    description: 'The way in from the internet.',
    kind: 'prometheus',
    weight: 3,
    troubles: [
      errors('Edge router'),
      { alert: 'CertExpiry', summary: 'Certificate expires in 13 days', severity: 'info', minutes: 600 },
    ],
  },
  {
    name: 'kubernetes',
    title: 'Kubernetes',
    team: 'platform',
    description: 'Where everything runs.',
    kind: 'alertmanager',
    weight: 6,
    troubles: [
      { alert: 'NodeNotReady', summary: 'Node is not ready', severity: 'error', minutes: 18 },
      { alert: 'PodCrashLooping', summary: 'Pod keeps restarting', severity: 'warning', minutes: 35 },
    ],
  },
  {
    name: 'postgres',
    title: 'PostgreSQL',
    team: 'platform',
    description: 'The databases.',
    kind: 'alertmanager',
    weight: 4,
    troubles: [
      disk('Primary'),
      { alert: 'TooManyConnections', summary: 'Connections above 90% of the limit', severity: 'error', minutes: 22 },
    ],
  },
  {
    name: 'build-farm',
    title: 'Build farm',
    team: 'platform',
    description: 'Builds and tests.',
    kind: 'opsgenie',
    weight: 3,
    troubles: [{ alert: 'QueueLong', summary: 'Builds wait more than 20 min', severity: 'warning', minutes: 70 }],
  },
  {
    name: 'warehouse-sync',
    title: 'Warehouse sync',
    team: 'data',
    description: 'Copies orders to the warehouse each night.',
    kind: 'generic',
    weight: 3,
    troubles: [stale, { alert: 'LateBatch', summary: 'Nightly batch is 40 min late', severity: 'warning', minutes: 80 }],
  },
  {
    name: 'reporting',
    title: 'Reporting',
    team: 'data',
    description: 'Numbers for people.',
    kind: 'grafana',
    weight: 1,
    troubles: [{ alert: 'SlowDashboard', summary: 'Dashboards take 20 s', severity: 'info', minutes: 300 }],
  },
  {
    name: 'delivery-slots',
    title: 'Delivery slots',
    team: 'logistics',
    description: 'When a van can come.',
    kind: 'victorops',
    weight: 4,
    troubles: [
      { alert: 'SlotsInPast', summary: 'Delivery slots shown in the past', severity: 'error', minutes: 90 },
      latency('Delivery slots'),
    ],
  },
  {
    name: 'notify-relay',
    title: 'Notify relay',
    team: 'logistics',
    description: 'Messages to customers.',
    kind: 'generic',
    weight: 2,
    troubles: [{ alert: 'Backlog', summary: 'Messages wait more than 5 min', severity: 'warning', minutes: 30 }],
  },
];

export const keyOf = (service: string): string => `demo-${service}-0123456789abcdef`;

const zoneOf: Record<TeamName, string> = {
  commerce: 'Europe/Amsterdam',
  payments: 'Europe/London',
  platform: 'Europe/Berlin',
  data: 'Europe/Dublin',
  logistics: 'Europe/Amsterdam',
};

/** Schedules from `starts`, a local date that is a Monday. Payments follows office hours and nights; Logistics has no secondary, and a gap. */
export const schedulesOf = (starts: string) =>
  TEAMS.map((team) => {
    const people = [...team.members];
    const layer = (name: string, role: string, turn: string[], more: object = {}) => ({
      name,
      role,
      rotation: { every: 1, unit: 'week' },
      starts: `${starts}T09:00`,
      participants: turn,
      ...more,
    });
    const second = [...people.slice(1), people[0] as string];
    return {
      name: team.name,
      title: `${team.title} on call`,
      team: team.name,
      time_zone: zoneOf[team.name],
      layers:
        team.name === 'logistics'
          ? [layer('weekly', 'primary', people, { restrictions: [{ from: 'mon 06:00', to: 'sat 22:00' }] })]
          : team.name === 'payments'
            ? [
                layer('nights', 'primary', people),
                layer('office', 'primary', second, {
                  restrictions: [{ from: '09:00', to: '18:00', days: ['mon', 'tue', 'wed', 'thu', 'fri'] }],
                }),
                layer('second', 'secondary', [people.at(-1) as string, ...people.slice(0, -1)]),
              ]
            : [layer('weekly', 'primary', people), layer('second', 'secondary', second)],
      policies: { max_consecutive_days: 7, min_gap_days: 7, min_rotation_size: 3 },
    };
  });

export const policyOf = (team: (typeof TEAMS)[number]) => ({
  title: `${team.title}, day and night`,
  team: team.name,
  steps: [
    { targets: [{ schedule: team.name, role: 'primary' }], escalate_after_seconds: 300 },
    ...(team.name === 'logistics'
      ? []
      : [{ targets: [{ schedule: team.name, role: 'secondary' }], escalate_after_seconds: 600 }]),
    { targets: [{ team: team.name, who: 'lead' }], escalate_after_seconds: 900 },
  ],
  repeat: 2,
  fallback: { person: 'jonas' },
});

export const ROUTING = [
  { name: 'staging-never-pages', when: { name: 'env', op: '=', value: 'staging' }, drop: 'Staging pages nobody', stop: true },
  { name: 'certificates-can-wait', when: { name: 'alertname', value: 'CertExpiry' }, set: { urgency: 'low' } },
  {
    name: 'database-of-orders',
    when: { all: [{ name: 'instance', op: '=~', value: 'ledger-.*' }] },
    set: { service: 'order-ledger' },
  },
];
