import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
} from 'yaml';
import type { Remark } from '../../contract/process.ts';

export type Path = readonly PropertyKey[];
/** One YAML document of a file, with a way from a path in its value to the place it was written. */
export type Source = {
  file: string;
  value: unknown;
  /** Where the value at a path stands; of what is absent, the nearest that is there. `key`: the key, not its value. */
  at: (path: Path, part?: 'key' | 'value') => Place;
};
export type Place = { file: string; line: number; column: number };

const MAX_PROBLEMS = 100;
export const remark = (place: Place | undefined, message: string): Remark => ({
  file: place?.file ?? null,
  line: place?.line ?? null,
  column: place?.column ?? null,
  message,
});
export const placeText = (place: { file: string | null; line: number | null; column: number | null }): string =>
  place.file === null ? '' : `${place.file}:${place.line}:${place.column}`;
export const remarkText = (one: Remark): string => (one.file === null ? one.message : `${placeText(one)}: ${one.message}`);

/** Reads YAML 1.2 (and so JSON): anchors, merge keys and several documents a file; says every mistake of form. */
export const readYaml = (file: string, text: string): { sources: Source[]; problems: Remark[] } => {
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Remark[] = [];
  const sources: Source[] = [];
  const parsed = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
    version: '1.2',
  });
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of document.errors.slice(0, MAX_PROBLEMS))
      problems.push(remark(placeAt(error.pos[0]), formProblem(error.code, error.message, text, error.pos[0])));
    for (const warning of document.warnings) problems.push(remark(placeAt(warning.pos[0]), warning.message));
    if (document.errors.length > 0 || document.contents === null) continue;
    try {
      sources.push({
        file,
        value: document.toJS({ maxAliasCount: 100 }),
        at: (path, part = 'value') => placeAt(offsetOf(document, path, part)),
      });
    } catch (thrown) {
      problems.push(
        remark(
          placeAt(document.range?.[0] ?? 0),
          `expected YAML that can be read: ${thrown instanceof Error ? thrown.message : thrown}`,
        ),
      );
    }
  }
  return { sources, problems };
};

const keyText = (text: string, offset: number): string => /^["']?([\w.-]+)/.exec(text.slice(offset, offset + 80))?.[1] ?? '';
const formProblem = (code: string, message: string, text: string, offset: number): string => {
  if (code === 'DUPLICATE_KEY') return `the key ${keyText(text, offset)} is in this map twice: expected it once`;
  if (code === 'TAB_AS_INDENT') return 'expected spaces, got a tab: YAML is indented with spaces';
  if (text[offset] === '{' && text[offset - 1] === '$')
    return 'expected quotes: inside { } and [ ] a reference is written "${env:NAME}"';
  return `not valid YAML: ${message}`;
};

const follow = (document: Document, node: unknown): Node | undefined => {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isNode(target) ? target : undefined;
};
const pairOf = (node: Node, key: PropertyKey): Pair | undefined => {
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(key));
};

const offsetOf = (document: Document, path: Path, part: 'key' | 'value'): number => {
  let node = follow(document, document.contents);
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    if (!node) break;
    const pair = pairOf(node, step);
    const child = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
    const last = depth === path.length - 1;
    const written = last && part === 'key' && pair ? pair.key : child;
    // An empty value has no place of its own: its key does.
    const start = isNode(written) ? written.range : undefined;
    const shown = start && start[1] > start[0] ? start[0] : isNode(pair?.key) ? pair.key.range?.[0] : start?.[0];
    if (shown === undefined) break;
    offset = shown;
    node = follow(document, child);
  }
  return offset;
};
