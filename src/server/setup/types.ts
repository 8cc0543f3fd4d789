import type { Setup } from '../../contract/setup.ts';

export type Step = Setup['steps'][number];
export type StepId = Step['id'];

type Method = { label: string; channel: string; address: string; verified: boolean; problem: string | null };
/** Whom one step of a policy would page now. */
export type Paged = { after_seconds: number; people: string[]; skipped: string | undefined };
export type Page = {
  incident: string;
  open: boolean;
  person: string;
  state: 'waiting' | 'sent' | 'failed' | 'acknowledged' | 'ended';
  at: Temporal.Instant;
  /** Of its messages: `Mail to i…@example.com`. */
  sent: { channel: string; text: string; at: Temporal.Instant }[];
  /** Why it waits, what the provider said, or how it ended. */
  why: string | null;
  acknowledged: { at: Temporal.Instant; via: string | null } | undefined;
};

/** All that the steps are decided from, as it is now. */
export type Facts = {
  now: Temporal.Instant;
  publicUrl: string;
  /** What the reader's browser sees; nothing for a program. */
  seen: { origin?: string | undefined; at?: string | undefined };
  administrators: string[];
  channels: {
    channel: string;
    configured: boolean;
    /** Why its provider could not be reached. */
    problem: string | null;
    /** The last test since its settings were changed. */
    test: { ok: boolean; text: string; at: Temporal.Instant } | undefined;
  }[];
  /** Whose ways are looked at: who asks (`own`), unless pages go to others only. */
  person: { name: string; own: boolean; display_name: string; email: string; methods: Method[] } | undefined;
  services: { name: string; title: string; steps: Paged[] }[];
  integrations: { name: string; kind: string; service: string; last_event_at: Temporal.Instant | null }[];
  /** The newest page of anybody, and the newest that was acknowledged after a message of it had left. */
  newest: Page | undefined;
  acknowledged: Page | undefined;
  severities: { levels: string[]; preset: string | undefined };
  roles: string[];
  templates: number;
  postmortems: number;
  deadMan: boolean;
  backup: Temporal.Instant | undefined;
  /** What `doctor` finds, by what it is about. */
  problems: { subject_type: string; level: 'error' | 'warning' }[];
  ticks: { item: string; done_by: string; done_at: Temporal.Instant }[];
};

declare module '../platform/jobs.ts' {
  interface JobMap {
    'setup.test_page_over': { incident_id: string };
  }
}
