import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { health as t } from '../../text/health.ts';
import { clock, duration, number, weekdayAndDay } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { CountBar } from '../../ui/count-bar.tsx';
import { Segmented } from '../../ui/field.tsx';
import { FactsRow, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Subtle } from '../../ui/text.tsx';
import { askFor, type Health, healthQuery, type Limits, limitsQuery } from './queries.ts';

const WEEKS = ['4', '12', '26', '52'] as const;
/** A day of somebody's calendar, whatever the device's zone. */
const dayOf = (day: string) => weekdayAndDay(`${day}T12:00:00Z`, 'UTC');

/** What being on call asked of somebody, and the mornings that are owed. */
export const PersonHealth = ({ name, own }: { name: string; own: boolean }) => {
  const [search, set] = useSearchState();
  const can = useCan();
  const weeks = WEEKS.find((one) => one === search.weeks) ?? '4';
  const { data, error } = useQuery(healthQuery(name, Number(weeks)));
  const limits = useQuery({ ...limitsQuery, enabled: can('configuration.read') }).data?.data;
  if (!data) return error ? <ProblemStrip error={error} /> : <SkeletonRows rows={4} />;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-(--pad) py-3">
        <Segmented
          label={t.range}
          value={weeks}
          onChange={(value) => set({ weeks: value === '4' ? undefined : value })}
          options={WEEKS.map((value) => ({ value, label: t.weeks(Number(value)) }))}
        />
        <Subtle>{t.span(dayOf(data.from), dayOf(data.to), data.time_zone)}</Subtle>
        <p className="basis-full text-fg-muted">{own ? t.whyOwn : t.why}</p>
      </div>
      <Figures data={data} limits={limits} />
      <Rest data={data} own={own} />
      <Section title={t.nights} padded="page">
        {data.nights.length === 0 ? (
          <p className="text-fg-subtle">{t.noNights}</p>
        ) : (
          <Rows label={t.nights}>
            {data.nights.toReversed().map((one) => (
              <Row key={one.night}>
                <span className="w-44 font-strong">{t.nightOf(dayOf(one.night))}</span>
                <span className="min-w-0 flex-1 basis-40">{t.nightSays(number(one.pages), number(one.interrupted_hours))}</span>
                {one.over && limits && <Mark state="medium">{t.over(number(limits.pages_a_night))}</Mark>}
              </Row>
            ))}
          </Rows>
        )}
      </Section>
      <Weeks data={data} limits={limits} />
      {limits && (
        <Section title={t.how} padded="page">
          <p className="max-w-160 text-meta text-fg-muted">{t.howText(`${limits.night.from} to ${limits.night.to}`)}</p>
        </Section>
      )}
    </>
  );
};

const Figures = ({ data, limits }: { data: Health; limits: Limits | undefined }) => {
  const { acted, passed, unknown, share } = data.actionable;
  return (
    <div className="border-b border-line">
      <FactsRow
        facts={[
          { label: t.facts.week, value: number(data.pages_a_week), note: t.facts.weekNote(number(data.pages)) },
          {
            label: t.facts.night,
            value: data.pages_a_night === null ? '–' : number(data.pages_a_night),
            note: data.pages_a_night === null ? t.facts.noNight : t.facts.nightNote(number(data.nights_on_call)),
          },
          {
            label: t.facts.sleep,
            value: t.facts.hours(number(data.interrupted_hours)),
            note: t.facts.sleepNote(number(data.nights.length)),
          },
          {
            label: t.facts.days,
            value: t.facts.daysValue(number(data.consecutive_days)),
            note:
              limits &&
              (data.consecutive_over ? (
                <Mark state="medium">{t.over(number(limits.consecutive_days))}</Mark>
              ) : (
                t.facts.limit(number(limits.consecutive_days))
              )),
          },
          {
            label: t.facts.actionable,
            value:
              share !== null ? t.facts.share(number(Math.round(share * 100))) : data.pages > 0 ? t.facts.unknown : t.facts.none,
            note: data.pages > 0 && t.facts.actionableNote(number(acted), number(acted + passed), number(unknown)),
          },
        ]}
      />
    </div>
  );
};

const Rest = ({ data, own }: { data: Health; own: boolean }) => {
  const at = (moment: string) => clock(moment, data.time_zone);
  return (
    <Section title={t.rest} fact={t.restWhy} padded="page">
      {data.rest.length === 0 ? (
        <p className="text-fg-subtle">{t.noRest}</p>
      ) : (
        <Rows label={t.rest}>
          {data.rest.map((one) => (
            <Row key={one.paged_at}>
              <span className="w-56 font-strong">{t.restOf(weekdayAndDay(one.starts, data.time_zone), at(one.paged_at))}</span>
              <span className="min-w-0 flex-1 basis-48">
                {t.restUntil(at(one.starts), at(one.ends))}
                <Subtle>, {one.on_call_seconds > 0 ? t.worked(duration(one.on_call_seconds * 1000)) : t.free}</Subtle>
              </span>
              {own &&
                one.cover.map((turn) => (
                  <Link
                    key={`${turn.schedule} ${turn.starts}`}
                    to={askFor(turn)}
                    look="button"
                    size="sm"
                    aria-label={t.askFor(turn.title)}
                  >
                    {t.ask}
                  </Link>
                ))}
            </Row>
          ))}
        </Rows>
      )}
    </Section>
  );
};

const Weeks = ({ data, limits }: { data: Health; limits: Limits | undefined }) => {
  const most = Math.max(1, ...data.weeks.map((one) => one.pages));
  return (
    <Section title={t.byWeek} padded="page">
      <div className="grid max-w-160 gap-x-6">
        {data.weeks.toReversed().map((one) => (
          <CountBar
            key={one.week}
            count={one.pages}
            most={most}
            shown={one.over && limits ? `${number(one.pages)}, ${t.over(number(limits.pages_a_week))}` : number(one.pages)}
          >
            {t.weekOf(dayOf(one.week))}
          </CountBar>
        ))}
      </div>
      {data.mailed > 0 && <p className="pt-2 text-meta text-fg-muted">{t.mailed(number(data.mailed))}</p>}
    </Section>
  );
};
