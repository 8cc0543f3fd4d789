import type { Urgency } from '../../contract/common.ts';
import type { ChannelName } from '../channels/types.ts';
import type { About } from '../paging/types.ts';

export type StartRequest = {
  incident_id: string;
  service_id: string;
  service: string;
  policy: string | null;
  urgency: Urgency;
  about: About;
  why: string;
};

declare module '../platform/events.ts' {
  interface EventMap {
    /** Nobody is left to page, or nobody could be paged at all: said as loudly as the product can. */
    'escalation.exhausted': { incident_id: string; why: string };
    /** A place has a message that can be changed; the incident may stand otherwise since it was written. */
    'place.told': { place_message_id: string; incident_id: string };
  }
}
declare module '../platform/jobs.ts' {
  interface JobMap {
    'escalation.step_due': { run_id: string; round: number; step: number };
    'escalation.behind_due': { run_id: string; round: number; step: number };
    'escalation.shift_changed': { run_id: string; round: number; step: number };
    'escalation.tell_place': { run_id: string; channel: ChannelName; address: string; key: string };
  }
}
