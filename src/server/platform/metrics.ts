import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** Everything at `/metrics`, in the Prometheus text form. Durations in seconds. */
export const createMetrics = () => {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    accepted: new Counter({
      name: 'allclear_signals_accepted_total',
      help: 'Signals committed to disk',
      labelNames: ['kind'],
      registers,
    }),
    refused: new Counter({
      name: 'allclear_requests_refused_total',
      help: 'Intake requests not taken',
      labelNames: ['reason'],
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'allclear_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['method', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    pageSeconds: new Histogram({
      name: 'allclear_page_seconds',
      help: 'From the page being decided to the provider being called',
      labelNames: ['channel'],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    sends: new Counter({ name: 'allclear_sends_total', help: 'Provider calls', labelNames: ['channel', 'outcome'], registers }),
    timerSeconds: new Histogram({
      name: 'allclear_escalation_timer_lag_seconds',
      help: 'How late an escalation step began',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 30],
      registers,
    }),
    queueDepth: new Gauge({
      name: 'allclear_queue_jobs',
      help: 'Jobs waiting or running',
      labelNames: ['queue', 'state'],
      registers,
    }),
    queueAge: new Gauge({
      name: 'allclear_queue_oldest_seconds',
      help: 'Age of the oldest due job',
      labelNames: ['queue'],
      registers,
    }),
    watchers: new Gauge({ name: 'allclear_live_watchers', help: 'Open event streams', registers }),
    watchersCut: new Counter({
      name: 'allclear_live_watchers_cut_total',
      help: 'Event streams ended because their reader was too slow',
      registers,
    }),
    oldestUnpaged: new Gauge({
      name: 'allclear_oldest_unpaged_incident_seconds',
      help: 'Age of the oldest open, unacknowledged incident that nobody was paged for',
      registers,
    }),
    exhausted: new Counter({
      name: 'allclear_escalations_exhausted_total',
      help: 'Escalations that had nobody left to page',
      registers,
    }),
    healthy: new Gauge({
      name: 'allclear_pager_healthy',
      help: '1 while the auditor finds every open incident with a step to come',
      registers,
    }),
  };
};
