import { MarkIcon } from '../../ui/marks.tsx';
import type { PolicyPreview } from './queries.ts';

export type Finding = PolicyPreview['readiness'][number];

/** The server's words as a sentence of their own. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;

/** What would keep a page from arriving, under the step it is about, with what to do about it. */
export const Findings = ({ findings }: { findings: Finding[] }) => (
  <ul className="flex flex-col gap-1 text-meta leading-5 empty:hidden">
    {findings.map((one) => (
      <li key={`${one.person} ${one.problem}`} className="flex gap-1.5">
        <span className={`${one.level === 'error' ? 's-high' : 's-medium'} state-fg mt-0.75 shrink-0`}>
          <MarkIcon state={one.level === 'error' ? 'high' : 'medium'} size={13} />
        </span>
        <span>
          <span className="font-strong">{sentence(one.problem)}</span>{' '}
          <span className="text-fg-muted">{sentence(one.remedy)}</span>
        </span>
      </li>
    ))}
  </ul>
);
