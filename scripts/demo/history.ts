import { SERVICES } from './organisation.ts';
import type { Random } from './random.ts';

/** One thing that happened to an incident, at a moment; `who` is decided when it happens, among those who were paged. */
export type Happening =
  | { at: number; do: 'alert'; story: number; nth: number; status: 'firing' | 'resolved' }
  | { at: number; do: 'acknowledge' | 'resolve' | 'snooze'; story: number }
  | { at: number; do: 'note'; story: number; text: string };

export type Story = {
  service: (typeof SERVICES)[number];
  trouble: (typeof SERVICES)[number]['troubles'][number];
  instances: string[];
  env: string;
};

const NOTES = [
  'Looking at the dashboards now.',
  'Started with the 14:20 release. Rolling it back.',
  'Rollback is out on a third of the pods; errors are falling there.',
  'Restarted the pods that hung. Watching for ten minutes.',
  'The provider confirms trouble on their side.',
  'A node was drained without warning. Nothing of ours changed.',
  'Raised the connection limit for now; the real fix is in the backlog.',
  'Same as last Thursday. The cause is known, the fix is planned.',
  'Traffic is back to normal.',
  'False alarm: the threshold is too tight for a Monday morning.',
];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Three months of trouble up to `now` (milliseconds): more by day, some by night, a bad Friday, and a few things still open at the end. */
export const threeMonths = (random: Random, from: number, now: number): { stories: Story[]; happenings: Happening[] } => {
  const stories: Story[] = [];
  const happenings: Happening[] = [];
  const weighted = SERVICES.flatMap((service) => Array<(typeof SERVICES)[number]>(service.weight).fill(service));

  const tell = (at: number, service = random.pick(weighted), open = false, trouble = random.pick(service.troubles)): void => {
    const story = stories.length;
    const count = random.chance(0.3) ? Math.ceil(random.between(2, 6)) : 1;
    const env = random.chance(0.06) && !open ? 'staging' : 'production';
    stories.push({
      service,
      trouble,
      env,
      instances: Array.from({ length: count }, (_, nth) => `${service.name}-${nth + 1}`),
    });
    const lasts = Math.max(4 * MINUTE, random.around(trouble.minutes) * MINUTE);
    for (let nth = 0; nth < count; nth += 1) {
      happenings.push({ at: at + nth * random.between(5_000, 90_000), do: 'alert', story, nth, status: 'firing' });
      if (!open) happenings.push({ at: at + lasts + nth * 20_000, do: 'alert', story, nth, status: 'resolved' });
    }
    if (env === 'staging') return;
    // Most answer within minutes; some are asleep, and the next one is woken.
    const answered = Math.min(random.around(100_000, 0.9), 25 * MINUTE);
    if (answered < lasts && !(open && trouble.severity === 'critical')) {
      happenings.push({ at: at + answered, do: 'acknowledge', story });
      const notes = Math.floor(random.between(0, 3.4));
      for (let nth = 0; nth < notes; nth += 1)
        happenings.push({
          at: at + answered + ((lasts - answered) * (nth + 1)) / (notes + 1),
          do: 'note',
          story,
          text: random.pick(NOTES),
        });
      if (!open && random.chance(0.05)) happenings.push({ at: at + answered + 5 * MINUTE, do: 'snooze', story });
      if (!open && random.chance(0.25)) happenings.push({ at: at + lasts * 0.9, do: 'resolve', story });
    }
  };

  for (let day = from; day < now - 6 * HOUR; day += 24 * HOUR) {
    const weekday = new Date(day).getUTCDay();
    const count = Math.round(random.between(0, weekday === 0 || weekday === 6 ? 1.6 : 3.4));
    for (let n = 0; n < count; n += 1) {
      const hour = random.chance(0.25) ? random.between(0, 6) : random.between(6, 23);
      const at = day + hour * HOUR;
      if (at < now - 6 * HOUR) tell(at);
    }
  }
  const of = (name: string) => SERVICES.find((service) => service.name === name);
  tell(now - 52 * HOUR, of('search'), true, of('search')?.troubles[1]);
  tell(now - 4.2 * HOUR, of('delivery-slots'), true, of('delivery-slots')?.troubles[0]);
  tell(now - 38 * MINUTE, of('order-ledger'), true, of('order-ledger')?.troubles[0]);
  tell(now - 2 * MINUTE, of('checkout-api'), true, of('checkout-api')?.troubles[0]);
  happenings.sort((a, b) => a.at - b.at);
  return { stories, happenings: happenings.filter((one) => one.at < now) };
};

/** What the story's monitoring sends: Alertmanager's shape for those that use it, plain JSON for the others. */
export const payloadOf = (
  story: Story,
  nth: number,
  status: 'firing' | 'resolved',
  at: number,
): { path: 'alertmanager' | 'generic'; body: object } => {
  const labels = {
    alertname: story.trouble.alert,
    instance: story.instances[nth] ?? story.service.name,
    severity: story.trouble.severity,
    env: story.env,
    cluster: 'eu-west-1a',
  };
  if (story.service.kind === 'alertmanager')
    return {
      path: 'alertmanager',
      body: {
        version: '4',
        status,
        receiver: 'allclear',
        groupLabels: { alertname: labels.alertname },
        commonLabels: labels,
        commonAnnotations: {},
        externalURL: 'https://alertmanager.tidewell.example',
        alerts: [
          {
            status,
            labels,
            annotations: {
              summary: story.trouble.summary,
              description: `${story.trouble.summary} on ${labels.instance}. Threshold crossed for 2 min.`,
            },
            startsAt: new Date(at).toISOString(),
            endsAt: status === 'resolved' ? new Date(at).toISOString() : '0001-01-01T00:00:00Z',
            generatorURL: `https://prometheus.tidewell.example/graph?g0.expr=${story.trouble.alert}`,
          },
        ],
      },
    };
  return {
    path: 'generic',
    body: {
      summary: story.trouble.summary,
      severity: story.trouble.severity,
      dedup_key: `${story.service.name}/${labels.alertname}/${labels.instance}`,
      action: status === 'firing' ? 'trigger' : 'resolve',
      source: 'monitoring.tidewell.example',
      alertname: labels.alertname,
      instance: labels.instance,
      env: labels.env,
    },
  };
};
