import type { Kind, ProcessDocument } from '../../contract/process.ts';
import type { Path, Place } from './source.ts';

export type { Kind, ProcessDocument } from '../../contract/process.ts';

/** Where a short or long form stands; takes what is wrong or doubtful below it. */
export type Reporter = {
  problem: (path: Path, message: string, part?: 'key' | 'value') => void;
  warning: (path: Path, message: string) => void;
};

/** Where a noun is written, and from there where a field of it is; undefined when no file has it. */
export type Where = (kind: Kind, name: string, path?: Path) => Place | undefined;

export const emptyDocument = (): ProcessDocument => ({
  people: [],
  teams: [],
  schedules: [],
  escalation_policies: [],
  services: [],
  integrations: [],
  routing: [],
  silences: [],
  settings: undefined,
  severities: [],
  roles: [],
  templates: [],
  postmortems: [],
});

/** Everything but settings, of which there is only one. */
export const LIST_KINDS = [
  'people',
  'teams',
  'schedules',
  'escalation_policies',
  'services',
  'integrations',
  'routing',
  'silences',
  'severities',
  'roles',
  'templates',
  'postmortems',
] as const;
export type ListKind = (typeof LIST_KINDS)[number];
/** Kinds whose order means something. */
export const ORDERED: readonly Kind[] = ['routing', 'severities', 'roles', 'templates', 'postmortems'];

/** What a noun is known by. */
export const nameOf = (kind: ListKind, item: object): string =>
  String(Reflect.get(item, kind === 'severities' ? 'level' : 'name'));
