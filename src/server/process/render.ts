import { stringify } from 'yaml';
import type { Change } from './plan.ts';

const SIGNS = { create: '+', update: '~', delete: '-', keep: '=' } as const;

const flow = (value: unknown): string => {
  if (value === undefined) return 'none';
  if (typeof value === 'string')
    return value.includes('\n')
      ? `${JSON.stringify(value.slice(0, 80))}${value.length > 80 ? '…' : ''}`
      : value === ''
        ? '""'
        : value;
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
};

/** The plan as people read it: `+` is made, `~` changed, `-` removed, `=` kept though no file lists it. Unchanged things are only counted. */
export const render = (changes: readonly Change[]): string => {
  const lines: string[] = [];
  let kind = '';
  for (const one of changes) {
    if (one.change === 'keep' && !one.note) continue;
    if (one.kind !== kind) lines.push(`${lines.length > 0 ? '\n' : ''}${one.kind}:`);
    kind = one.kind;
    lines.push(`  ${SIGNS[one.change]} ${one.name}${one.note ? `  ${one.note}` : ''}`);
    for (const { path, before, after } of one.fields) {
      if (before === undefined && Array.isArray(after) && after.some((item) => typeof item === 'object')) {
        lines.push(`      + ${path}:`, ...after.map((item) => `          - ${flow(item)}`));
      } else if (before === undefined) lines.push(`      + ${path}: ${flow(after)}`);
      else if (after === undefined) lines.push(`      - ${path}: ${flow(before)}`);
      else if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every((item) => typeof item !== 'object')) {
        const gone = before.filter((item) => !after.includes(item)).map((item) => `-${flow(item)}`);
        const come = after.filter((item) => !before.includes(item)).map((item) => `+${flow(item)}`);
        lines.push(
          `      ~ ${path}: ${gone.length + come.length > 0 ? [...gone, ...come].join(' ') : `${flow(before)} → ${flow(after)}`}`,
        );
      } else lines.push(`      ~ ${path}: ${flow(before)} → ${flow(after)}`);
    }
  }
  const count = (change: Change['change']) => changes.filter((one) => one.change === change && !one.note).length;
  const kept = changes.filter((one) => one.note).length;
  const total = count('create') + count('update') + count('delete');
  const summary =
    total === 0
      ? `No changes: ${count('keep')} things are as the files say.`
      : `${count('create')} to create, ${count('update')} to change, ${count('delete')} to remove, ${count('keep')} unchanged.`;
  const rest =
    kept > 0 ? ` ${kept} not in the files ${kept === 1 ? 'is' : 'are'} kept; prune removes ${kept === 1 ? 'it' : 'them'}.` : '';
  return `${lines.length > 0 ? `${lines.join('\n')}\n\n` : ''}${summary}${rest}\n`;
};
