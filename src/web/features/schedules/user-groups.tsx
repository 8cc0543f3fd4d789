import { useQuery } from '@tanstack/react-query';
import { schedules as t } from '../../text/schedules.ts';
import { Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Time } from '../../ui/text.tsx';
import { userGroupsQuery } from './queries.ts';
import type { Words } from './rows.ts';

/** The Slack user groups that follow the schedule: who is in each, and what is wrong with it. */
export const UserGroups = ({ name, words }: { name: string; words: Words }) => {
  const groups = useQuery(userGroupsQuery(name)).data?.items;
  if (!groups) return null;
  return (
    <Section title={t.groups.title}>
      <Rows label={t.groups.title}>
        {groups.map(({ group, members, findings, problem, synced_at, next_at }) => (
          <Row key={group}>
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="min-w-0 font-strong wrap-anywhere">{group}</span>
                {problem ? (
                  <Mark state="medium">{t.groups.fails}</Mark>
                ) : findings.length > 0 ? (
                  <Mark state="medium">{t.groups.lacks}</Mark>
                ) : (
                  <Mark state="ok" quiet>
                    {t.groups.fine}
                  </Mark>
                )}
              </span>
              <span className="block text-meta text-fg-muted">
                {members.length > 0 ? t.groups.holds(members.map(words.called)) : t.groups.holdsNobody}
              </span>
              {[...(problem ? [problem] : []), ...findings].map((line) => (
                <span key={line} className="block text-meta text-fg-muted wrap-anywhere">
                  {line}
                </span>
              ))}
              <span className="block text-meta text-fg-subtle">
                {synced_at ? (
                  <>
                    {t.groups.synced} <Time at={synced_at} age />
                  </>
                ) : (
                  t.groups.never
                )}
                {problem && (
                  <>
                    {t.groups.again} <Time at={next_at} />
                  </>
                )}
              </span>
            </span>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
