import { useQuery } from '@tanstack/react-query';
import { health as t } from '../../text/health.ts';
import { number } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { FactsRow, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { type Health, teamHealthQuery } from './queries.ts';

/** What being on call asked of a team: together for everybody, of each person for those who lead it. */
export const TeamHealth = ({ name }: { name: string }) => {
  const { data } = useQuery(teamHealthQuery(name, 4));
  if (!data || data.people === 0) return null;
  const { together, members } = data;
  return (
    <>
      <Section title={t.team.title} fact={t.team.fact} padded="page">
        {data.hidden && <p className="text-fg-muted">{t.team.hidden(data.hidden)}</p>}
        {together && (
          <div className="-mx-(--pad) -mb-3 pt-2">
            <FactsRow
              facts={[
                { label: t.team.pages, value: number(together.pages), note: t.team.weekNote(number(together.pages_a_week)) },
                { label: t.team.night, value: number(together.night_pages) },
                { label: t.facts.sleep, value: t.facts.hours(number(together.interrupted_hours)) },
                { label: t.team.rest, value: number(together.rest_owed) },
                {
                  label: t.facts.actionable,
                  value:
                    together.actionable.share !== null
                      ? t.facts.share(number(Math.round(together.actionable.share * 100)))
                      : together.pages > 0
                        ? t.facts.unknown
                        : t.facts.none,
                  note:
                    together.pages > 0 &&
                    t.facts.actionableNote(
                      number(together.actionable.acted),
                      number(together.actionable.acted + together.actionable.passed),
                      number(together.actionable.unknown),
                    ),
                },
              ]}
            />
          </div>
        )}
      </Section>
      {members && (
        <Section title={t.team.members} fact={t.team.byName} padded="page">
          <Rows label={t.team.members}>
            {members.map((one) => (
              <Member key={one.person} one={one} />
            ))}
          </Rows>
        </Section>
      )}
    </>
  );
};

const Member = ({ one }: { one: Health }) => {
  const over = one.consecutive_over || one.nights.some((night) => night.over) || one.weeks.some((week) => week.over);
  return (
    <Row>
      <span className="w-45">
        <Link to={`/people/${one.person}?tab=health`} look="plain">
          <Person name={one.display_name} />
        </Link>
      </span>
      <span className="min-w-0 flex-1 basis-48">
        {one.pages > 0 ? t.team.says(number(one.pages), number(one.night_pages), number(one.interrupted_hours)) : t.team.quiet}
        <Subtle>
          {one.consecutive_days > 0 && `, ${t.team.days(number(one.consecutive_days))}`}
          {one.rest.length > 0 && `, ${t.team.owed(number(one.rest.length))}`}
        </Subtle>
      </span>
      {over && <Mark state="medium">{t.team.overLimit}</Mark>}
    </Row>
  );
};
