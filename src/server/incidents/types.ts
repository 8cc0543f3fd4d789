import type { Urgency } from '../../contract/common.ts';

/** The title of a test page of the set-up: nobody's load counts it. */
export const TEST_PAGE = 'Test page: please acknowledge, nothing is wrong';

/** What alerts ask for when they open an incident. */
export type Opening = {
  service_id: string;
  service: string;
  escalation_policy: string | null;
  title: string;
  severity: string;
  urgency: Urgency;
  why_urgency: string;
  group_key: string | null;
  alerts: number;
  /** Of its first alert: what a paged person wants to see. */
  details?: { labels: Record<string, string>; links: { href: string; text?: string }[] };
  flapping?: boolean;
  description?: string;
};

declare module '../platform/events.ts' {
  interface EventMap {
    'incident.resolved': { id: string; by: 'alerts' | 'person' };
    'incident.merged': { from: string; into: string };
  }
}
declare module '../platform/jobs.ts' {
  interface JobMap {
    'incidents.reminder_due': { incident_id: string };
    'incidents.flapping_over': { incident_id: string };
    'incidents.snooze_over': { incident_id: string };
    /** `on`: the message where it is not the one that is known of the delivery, as its provider names it. */
    'incidents.show_stand': { delivery_id: string; on: string | null; tries: number };
    'incidents.show_place': { place_message_id: string; tries: number };
    /** What came over the socket of Slack; `payload`: as JSON. */
    'incidents.slack_envelope': { type: 'interactive' | 'slash_commands'; payload: string };
    /** `message`: as JSON, for the `response_url` of a request of Slack's. */
    'incidents.tell_slack': { url: string; message: string };
  }
}
