import type { z } from 'zod';
import type { setup } from '../../contract/inspector.ts';

type Tool = Omit<z.input<typeof setup>['tools'][number], 'fits'> & { kind: string };

/**
 * How each tool is told to send here: the only place that says so to a program. The pages under docs/integrations hold the very
 * same snippets for `https://allclear.example.com` and `KEY`, which a test compares. `mailDomain`: undefined where no mail is
 * listened for.
 */
export const toolsFor = (publicUrl: string, key: string, mailDomain: string | undefined): Tool[] => {
  const { host, protocol } = new URL(publicUrl);
  return [
    {
      kind: 'alertmanager',
      tool: 'alertmanager',
      title: 'Alertmanager, Thanos, Mimir, vmalert',
      steps: ['Add this receiver to alertmanager.yml.', 'Name it in the route whose alerts should page.', 'Reload Alertmanager.'],
      language: 'yaml',
      snippet: `receivers:
  - name: allclear
    webhook_configs:
      - url: ${publicUrl}/hooks/alertmanager/${key}
        send_resolved: true
`,
      docs: 'docs/integrations/alertmanager.md',
    },
    {
      kind: 'prometheus',
      tool: 'prometheus',
      title: 'Prometheus without an Alertmanager',
      steps: [
        'Add this to prometheus.yml.',
        'Reload Prometheus. Alerts that fire are sent again each minute and end when they stop.',
      ],
      language: 'yaml',
      snippet: `# prometheus.yml
alerting:
  alertmanagers:
    - scheme: ${protocol.replace(':', '')}
      path_prefix: /alertmanager/${key}
      static_configs:
        - targets: [${host}]
`,
      docs: 'docs/integrations/prometheus.md',
    },
    {
      kind: 'grafana',
      tool: 'grafana',
      title: 'Grafana',
      steps: [
        'Alerting, Contact points, Add contact point: type Webhook, method POST, the address below. Or provision it from this file.',
        'If the integration has an HMAC secret, give it under HMAC signature.',
        'Name the contact point in a notification policy and press Test.',
      ],
      language: 'yaml',
      snippet: `apiVersion: 1
contactPoints:
  - name: allclear
    receivers:
      - uid: allclear
        type: webhook
        settings:
          url: ${publicUrl}/hooks/grafana/${key}
`,
      docs: 'docs/integrations/grafana.md',
    },
    {
      kind: 'pagerduty',
      tool: 'pagerduty',
      title: 'Anything that sends to PagerDuty (Events API v2)',
      steps: [
        'Change the host name where the sender is set up, and give it this key. A key you brought along stays as it is.',
        'Send a test event.',
      ],
      language: 'sh',
      snippet: `curl ${publicUrl}/v2/enqueue -d '{
  "routing_key": "${key}",
  "event_action": "trigger",
  "dedup_key": "db1-disk",
  "payload": {"summary": "Disk full on db1", "source": "db1", "severity": "critical"}
}'
`,
      docs: 'docs/integrations/pagerduty.md',
    },
    {
      kind: 'opsgenie',
      tool: 'opsgenie',
      title: 'Anything that sends to Opsgenie (Alert API v2)',
      steps: ['Change the base address where the sender is set up, and give it this key as the API key.', 'Send a test alert.'],
      language: 'sh',
      snippet: `curl ${publicUrl}/v2/alerts -H 'Authorization: GenieKey ${key}' \\
  -d '{"message": "Disk full on db1", "alias": "db1-disk", "priority": "P1", "tags": ["db"]}'
`,
      docs: 'docs/integrations/opsgenie.md',
    },
    {
      kind: 'victorops',
      tool: 'victorops',
      title: 'Splunk On-Call (VictorOps)',
      steps: ['Change the REST endpoint where the sender is set up. The last part of the address becomes the label routing_key.'],
      language: 'sh',
      snippet: `curl ${publicUrl}/integrations/generic/20131114/alert/${key}/database -d '{
  "message_type": "CRITICAL",
  "entity_id": "db1-disk",
  "entity_display_name": "Disk full on db1"
}'
`,
      docs: 'docs/integrations/victorops.md',
    },
    {
      kind: 'generic',
      tool: 'curl',
      title: 'curl, Zabbix, Uptime Kuma, Datadog and anything that sends a request',
      steps: [
        'Send JSON, a form or a query to this address. The usual names of fields are found by themselves.',
        'Send the same id with the status resolved when it is over.',
      ],
      language: 'sh',
      snippet: `curl ${publicUrl}/hooks/generic/${key} -d '{"title": "Disk full", "severity": "P2", "host": "db1", "id": "db1-disk"}'
curl ${publicUrl}/hooks/generic/${key} -d '{"title": "Disk full", "status": "resolved", "id": "db1-disk"}'
`,
      docs: 'docs/integrations/generic.md',
    },
    {
      kind: 'phone',
      tool: 'phone',
      title: 'A phone number that people call (Twilio, Plivo)',
      steps: [
        "The vendor's account is set up under Settings, Delivery, as a vendor of calls.",
        'Twilio: on the page of the number, give the first address for a call that comes in (Webhook, HTTP POST) and the second for call status changes.',
        'Plivo: make an XML application with the first address as the answer URL and the second as the hangup URL, both POST, and give it to the number.',
        'Call the number. Each call shows here under Calls.',
      ],
      language: 'text',
      snippet: `${publicUrl}/hooks/phone/${key}
${publicUrl}/hooks/phone/${key}/ended
`,
      docs: 'docs/integrations/phone.md',
    },
    {
      kind: 'email',
      tool: 'email',
      title: 'Anything that sends mail',
      steps: [
        ...(mailDomain
          ? []
          : ['No mail is listened for yet: set ALLCLEAR_MAIL_PORT where the server is started, and start it again.']),
        'Have the tool send its mail to this address. Nobody can guess it; keep it as you keep a key.',
        'Mail with the same subject is one alert. RESOLVED:, [OK] and the like close it; the rules say otherwise where you need it.',
      ],
      language: 'text',
      snippet: `${key}@${mailDomain ?? host.replace(/:\d+$/, '')}\n`,
      docs: 'docs/integrations/email.md',
    },
  ];
};
