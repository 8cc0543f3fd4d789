/** A message that left for a person, about one incident. Milliseconds of Unix time. */
export type Sent = {
  incident_id: string;
  at: number;
  /** False: of low urgency, and by mail alone. */
  disturbs: boolean;
};

/** What interrupted a person once: see `pagesOf`. */
export type Page = { at: number; incidents: string[]; messages: number[]; disturbs: boolean };

/** What became of an incident, as far as it is recorded. */
export type Fate = {
  status: string;
  flapping: boolean;
  merged: boolean;
  acknowledged_by_person: boolean;
  /** null: not resolved. `other`: a machine's key or a timer. */
  resolved_by: 'person' | 'alerts' | 'other' | null;
};

export type Outcome = 'acted' | 'passed' | 'unknown';

export type Duty = { schedule: string; title: string; start: number; end: number };
