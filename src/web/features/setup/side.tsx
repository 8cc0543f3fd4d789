import { setup } from '../../text/setup.ts';
import { Link } from '../../ui/button.tsx';
import { Details, Section } from '../../ui/layout.tsx';
import { Mark, MarkIcon } from '../../ui/marks.tsx';
import type { Setup } from './queries.ts';

const t = setup.side;

/** What would happen to an alert now, and what of the server itself is not as it should be. */
export const SetupSide = ({ path, server }: Pick<Setup, 'path' | 'server'>) => (
  <>
    <Section title={t.title}>
      <p className="pb-3 text-fg-muted">{t.why}</p>
      <ol aria-label={t.title} className="divide-y divide-line border-t border-line">
        {path.map((link) => (
          <li key={link.title} className="flex items-start gap-2.5 py-2.5">
            <span className={`pt-1 ${link.done ? 's-ok state-fg' : 'text-fg-subtle'}`}>
              <MarkIcon state={link.done ? 'ok' : 'unknown'} />
            </span>
            <span className="min-w-0 wrap-anywhere">
              <span className="block font-strong">{link.title}</span>
              <span className="block text-meta text-fg-muted">{link.text}</span>
            </span>
          </li>
        ))}
      </ol>
    </Section>
    <Section title={t.server}>
      <Details
        items={server.map((row) => ({
          label: row.label,
          value: (
            <span className="flex flex-wrap items-center gap-x-3">
              <Mark state={row.done ? 'ok' : 'medium'}>{row.text}</Mark>
              {!row.done && (
                <Link to={row.fix} aria-label={t.fixOf(row.label)}>
                  {t.fix}
                </Link>
              )}
            </span>
          ),
        }))}
      />
    </Section>
  </>
);
