import { readFileSync } from 'node:fs';
import { normalize } from './normalize.ts';
import { readFiles } from './parse.ts';
import { remarkText } from './source.ts';
import { emptyDocument, type ProcessDocument } from './types.ts';

/** The moment every test of this module happens at: a Wednesday. */
export const NOW = Temporal.Instant.from('2026-03-04T12:00:00Z');

export const example = (name: string): { name: string; text: string } => ({
  name,
  text: readFileSync(new URL(`../../../docs/examples/${name}`, import.meta.url), 'utf8'),
});

/** Reads texts as files named 1.yaml, 2.yaml …, over what an installation has. */
export const read = (texts: string | string[], known: ProcessDocument = emptyDocument()) =>
  readFiles(
    [texts].flat().map((text, index) => ({ name: `${index + 1}.yaml`, text })),
    known,
    NOW,
  );
export const problemsOf = (texts: string | string[], known?: ProcessDocument): string[] =>
  read(texts, known).problems.map(remarkText);

/** What files say, ready to be planned; fails when they say anything wrong. */
export const wantedOf = (
  texts: string | string[],
  known: ProcessDocument = emptyDocument(),
  env: Record<string, string> = {},
) => {
  const files = read(texts, known);
  const tools = {
    lookup: (name: string) => env[name],
    normalizeAddress: (_: string, address: string) => address.replaceAll(' ', ''),
    now: NOW,
  };
  const { wanted, problems, warnings } = normalize(files.wanted, known, new Map(), files.where, tools);
  const all = [...files.problems, ...problems].map(remarkText);
  if (all.length > 0) throw new Error(all.join('\n'));
  return { wanted, scope: files.scope, warnings: [...files.warnings, ...warnings].map(remarkText), where: files.where };
};
