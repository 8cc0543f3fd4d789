import type { OnCallRole, TrainingStage } from '../../contract/schedule.ts';

type Turn = { starts: string; ends: string; role: OnCallRole };
/** What a person had, and has now; instants. */
export type TurnsChanged = { person: string; had: Turn[]; has: Turn[] };

declare module '../platform/events.ts' {
  interface EventMap {
    /** A schedule is about to be removed: whoever counts on it throws, saying what. */
    'schedule.removing': { name: string };
    /** Who is on call may have changed: a step in flight looks again. */
    'schedule.changed': { name: string };
    /** A rota was put in force or taken back: whose turns are others now. */
    'schedule.rota_changed': {
      schedule: string;
      title: string;
      what: 'in_force' | 'taken_back';
      starts: string;
      ends: string;
      people: TurnsChanged[];
    };
    /** A training is at another stage, or has another mentor; `before`: who was it. */
    'training.changed': {
      schedule: string;
      title: string;
      person: string;
      mentor: string | null;
      before?: string | null;
      stage: TrainingStage | 'solo' | 'ended';
      behind_seconds: number;
      note: string;
    };
  }
}
