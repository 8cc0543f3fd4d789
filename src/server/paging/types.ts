import type { Urgency } from '../../contract/common.ts';
import type { About } from '../../contract/incident.ts';
import type { Sentence } from '../../contract/wording.ts';

export type { About } from '../../contract/incident.ts';

/** Whom to page, for what, and the sentence that says why them. */
export type PageRequest = {
  incident_id: string;
  service_id: string;
  run_id: string | null;
  step: number | null;
  round: number | null;
  urgency: Urgency;
  about: About;
  /** `shadow`: `quiet` or `loud`, told without being asked anything. */
  people: { person_id: string; why: Sentence; shadow?: 'quiet' | 'loud' }[];
};

export type Answer = {
  incident_id: string;
  page_id: string;
  run_id: string | null;
  round: number | null;
  step: number | null;
  person_id: string;
  action: 'acknowledge' | 'escalate' | 'resolve';
  via: string;
};

/** How somebody is sent a notice; `usual`: the first way for what may wait that does not ring. */
export type NoticeBy = 'mail' | 'usual' | { method: string };

/**
 * What somebody should know though nobody pages for it. `path`: where on our console it is seen. `private`: the audit log
 * has that something was mailed, not what.
 */
export type Notice = {
  subject: string;
  text: string;
  facts: { label: string; value: string }[];
  path: string;
  private?: true;
};

declare module '../platform/events.ts' {
  interface EventMap {
    /** A person answered a page, by link, reply, key or button. */
    'page.answered': Answer;
    /** A message about a page arrived after the page was over. */
    'page.sent_late': { delivery_id: string };
    /** No provider took any message for this page: the next person should not wait for the step. */
    'page.unreachable': {
      incident_id: string;
      run_id: string | null;
      round: number | null;
      step: number | null;
      person_id: string;
      why: string;
    };
  }
}
declare module '../platform/jobs.ts' {
  interface JobMap {
    'paging.deliver': { delivery_id: string };
    'paging.silence': { delivery_id: string; tries: number };
    'paging.rule_due': { page_id: string; index: number };
    'paging.waiting_over': { page_id: string };
    'paging.unreached_due': { page_id: string };
    'paging.receipt_due': { delivery_id: string; seconds: number };
    'paging.send_invitation': { invitation_id: string };
    'paging.send_notice': Notice & { person_id: string; notice_id: string; method_id?: string };
    'paging.probe_now': { asked_by: string };
    'paging.send_direct': { person_id: string; method_id: string };
    'paging.send_test': { message_id: string };
    'paging.test_over': { test_page_id: string };
  }
}
