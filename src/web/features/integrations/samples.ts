import type { Kind } from './queries.ts';

const SUMMARY = 'Sample alert of Allclear';

/** One alert as each kind of tool would send it, so that the way in can be tried without the tool. */
export const sampleOf = (kind: Kind, integration: string, at: number): unknown => {
  const startsAt = new Date(at).toISOString();
  const key = `sample-${integration}`;
  const labels = { alertname: 'AllclearSample', severity: 'info', integration };
  const annotations = { summary: SUMMARY };
  const alert = { status: 'firing', labels, annotations, startsAt, endsAt: '0001-01-01T00:00:00Z', generatorURL: '' };
  switch (kind) {
    case 'alertmanager':
    case 'grafana':
      return {
        version: '4',
        groupKey: `{}:{alertname="AllclearSample"}`,
        receiver: 'allclear',
        status: 'firing',
        groupLabels: { alertname: 'AllclearSample' },
        commonLabels: labels,
        commonAnnotations: annotations,
        externalURL: '',
        alerts: [alert],
      };
    case 'prometheus':
      return [{ labels, annotations, startsAt }];
    case 'pagerduty':
      return {
        routing_key: key,
        event_action: 'trigger',
        dedup_key: key,
        payload: { summary: SUMMARY, source: 'allclear', severity: 'info' },
      };
    case 'opsgenie':
      return { message: SUMMARY, alias: key, priority: 'P5', source: 'allclear' };
    case 'victorops':
      return { message_type: 'WARNING', entity_id: key, entity_display_name: SUMMARY };
    case 'email':
      return { subject: `INFO: ${SUMMARY}`, from: 'monitor@example.com', text: SUMMARY };
    case 'generic':
      return { summary: SUMMARY, severity: 'info', key, id: key, source: 'allclear' };
  }
};
