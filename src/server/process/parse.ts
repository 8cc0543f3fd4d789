import {
  type Kind,
  type ProcessDocument,
  processFile,
  type Remark,
  SECTIONS,
  SHORT_KEYS,
  SHORT_MAPS,
} from '../../contract/process.ts';
import { explain, show } from './explain.ts';
import { fromMap, normalizePostmortem, normalizeSeverity } from './short-forms.ts';
import { convertSchedule, strangeKeys } from './short-schedule.ts';
import { type Path, placeText, readYaml, remark, type Source } from './source.ts';
import { didYouMean } from './suggest.ts';
import { emptyDocument, LIST_KINDS, type ListKind, nameOf, type Reporter, type Where } from './types.ts';

export type Read = {
  wanted: ProcessDocument;
  /** The kinds a file speaks for: what they do not list is not wanted. */
  scope: ReadonlySet<Kind>;
  problems: Remark[];
  warnings: Remark[];
  where: Where;
};

/** A file that is not meant for us may be wrong in every line. */
const MOST_TOLD = 1000;
const TOP_KEYS = Object.keys(processFile.shape);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads all files together: short forms become long ones, and every mistake in any file is told with its place.
 * `known` is what the installation has, for names in short forms; with problems, `wanted` is not whole.
 */
export const readFiles = (
  files: readonly { name: string; text: string }[],
  known: ProcessDocument,
  now: Temporal.Instant,
): Read => {
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  const wanted = emptyDocument();
  const scope = new Set<Kind>();
  const written = new Map<string, { source: Source; path: Path }>();
  const reporter = (source: Source, base: Path): Reporter => ({
    problem: (path, message, part) => problems.push(remark(source.at([...base, ...path], part), message)),
    warning: (path, message) => warnings.push(remark(source.at([...base, ...path]), message)),
  });
  const where: Where = (kind, name, path = []) => {
    const found = written.get(`${kind} ${name}`);
    return found?.source.at([...found.path, ...path]);
  };
  /** Keeps a noun, or says where the other of its name is. */
  const add = (kind: ListKind, item: object, source: Source, path: Path): void => {
    const name = nameOf(kind, item);
    const key = `${kind} ${kind === 'severities' ? name.toLowerCase() : name}`;
    const first = written.get(key);
    if (first) {
      const nameKey = kind === 'severities' ? 'level' : 'name';
      problems.push(
        remark(
          source.at([...path, nameKey]),
          `${name} is in ${kind} twice: expected it once, and it is at ${placeText(first.source.at([...first.path, nameKey]))} too`,
        ),
      );
      return;
    }
    written.set(key, { source, path });
    written.set(`${kind} ${name}`, { source, path });
    (wanted[kind] as object[]).push(item);
  };

  const sources = files.flatMap((file) => {
    const read = readYaml(file.name, file.text);
    problems.push(...read.problems);
    return read.sources;
  });
  const rotations: { source: Source; value: object }[] = [];
  for (const source of sources) {
    if (!isMap(source.value)) {
      problems.push(remark(source.at([]), `expected a map with ${TOP_KEYS.slice(0, 6).join(', ')} …, got ${show(source.value)}`));
      continue;
    }
    for (const [key, value] of Object.entries(source.value)) {
      if (key.startsWith('x-')) continue;
      const report = reporter(source, []);
      if (!TOP_KEYS.includes(key)) report.problem([key], `unknown key ${key}${didYouMean(key, TOP_KEYS)}`, 'key');
      else if (key === 'schedule') {
        if (isMap(value)) rotations.push({ source, value });
        else report.problem([key], `expected a map with rotation, handoff_day, week_1 …, got ${show(value)}`);
      } else if (key === 'postmortem') readList('postmortems', [value], () => [key], source, add, reporter(source, []), problems);
      else if (key === 'settings') readSettings(value, source, wanted, scope, written, problems);
      else {
        const kind = key as ListKind;
        const mapped = (kind === 'roles' || kind === 'templates') && isMap(value) ? fromMap(kind, value) : undefined;
        if (mapped) {
          for (const [index, name] of mapped.keys.entries())
            if (Reflect.get(Object(mapped.items[index]), 'name') === '')
              report.problem([key, name], `expected a name with a letter or digit, got "${name}"`, 'key');
        }
        const items = mapped?.items ?? value;
        if (!Array.isArray(items)) {
          report.problem(
            [key],
            `expected a list${kind === 'roles' || kind === 'templates' ? ' or a map' : ''} of ${kind.replace('_', ' ')}, got ${show(value)}${value === null ? `: write ${key}: [] for none` : ''}`,
          );
          continue;
        }
        scope.add(kind);
        readList(
          kind,
          items,
          (index) => [key, mapped ? (mapped.keys[index] as string) : index],
          source,
          add,
          reporter(source, []),
          problems,
        );
      }
    }
  }

  // Names in a rotation may come from any file, so rotations wait until all are read.
  for (const { source, value } of rotations) {
    const report = reporter(source, ['schedule']);
    const strange = strangeKeys(value);
    for (const { key, message } of strange) report.problem([key], message, 'key');
    const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !strange.some((one) => one.key === key)));
    const parsed = SHORT_KEYS.schedule.safeParse(rest);
    if (!parsed.success) {
      for (const one of explain(SHORT_KEYS.schedule, rest, parsed.error.issues)) report.problem(one.path, one.message, one.part);
      continue;
    }
    const made = convertSchedule(parsed.data, together(wanted, known), now, report);
    if (made) add('schedules', made.schedule, source, ['schedule']);
    if (made?.policy) add('escalation_policies', made.policy, source, ['schedule', 'escalation']);
  }
  const inOrder = (a: Remark, b: Remark) =>
    (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
  problems.sort(inOrder);
  if (problems.length > MOST_TOLD)
    problems.splice(MOST_TOLD, problems.length, remark(undefined, `and ${problems.length - MOST_TOLD} more`));
  return { wanted, scope, problems, warnings: warnings.sort(inOrder), where };
};

type Add = (kind: ListKind, item: object, source: Source, path: Path) => void;

const readList = (
  kind: ListKind,
  items: unknown[],
  pathOf: (index: number) => Path,
  source: Source,
  add: Add,
  report: Reporter,
  problems: Remark[],
): void => {
  const schema = SECTIONS[kind].element;
  const short = kind === 'roles' || kind === 'templates' ? SHORT_MAPS[kind] : undefined;
  for (const [index, item] of items.entries()) {
    const path = pathOf(index);
    const parsed = schema.safeParse(item);
    if (!parsed.success) {
      for (const one of explain(schema, item, parsed.error.issues)) {
        const inMap = short && typeof path.at(-1) === 'string' && one.path[0] === 'name';
        problems.push(remark(source.at(inMap ? path : [...path, ...one.path], inMap ? 'key' : one.part), one.message));
      }
      continue;
    }
    const here: Reporter = {
      problem: (below, message, part) => report.problem([...path, ...below], message, part),
      warning: (below, message) => report.warning([...path, ...below], message),
    };
    if (kind === 'severities')
      add(kind, schema.parse(normalizeSeverity(SECTIONS.severities.element.parse(item), here)), source, path);
    else if (kind === 'postmortems')
      add(kind, schema.parse(normalizePostmortem(SECTIONS.postmortems.element.parse(item), here)), source, path);
    else add(kind, parsed.data, source, path);
  }
};

const readSettings = (
  value: unknown,
  source: Source,
  wanted: ProcessDocument,
  scope: Set<Kind>,
  written: Map<string, { source: Source; path: Path }>,
  problems: Remark[],
): void => {
  const first = written.get('settings settings');
  if (first) {
    problems.push(
      remark(
        source.at(['settings'], 'key'),
        `settings is here twice: expected it once, and it is at ${placeText(first.source.at(first.path, 'key'))} too`,
      ),
    );
    return;
  }
  written.set('settings settings', { source, path: ['settings'] });
  const parsed = SECTIONS.settings.safeParse(value ?? {});
  if (!parsed.success) {
    for (const one of explain(SECTIONS.settings, value, parsed.error.issues))
      problems.push(remark(source.at(['settings', ...one.path], one.part), one.message));
    return;
  }
  wanted.settings = parsed.data;
  scope.add('settings');
};

/** The files' nouns, and the installation's where no file has one of that name. */
const together = (wanted: ProcessDocument, known: ProcessDocument): ProcessDocument => {
  const all = { ...emptyDocument(), settings: wanted.settings ?? known.settings };
  for (const kind of LIST_KINDS) {
    const own: object[] = wanted[kind];
    const taken = new Set(own.map((item) => nameOf(kind, item)));
    Object.assign(all, { [kind]: [...own, ...(known[kind] as object[]).filter((item) => !taken.has(nameOf(kind, item)))] });
  }
  return all;
};
