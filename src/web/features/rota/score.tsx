import { useQuery } from '@tanstack/react-query';
import { rota as t } from '../../text/rota.ts';
import { number } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Told } from '../../ui/text.tsx';
import { type Score, scoreQuery } from './queries.ts';

const CELL = 'border-b border-line py-1.5 pr-3 text-left align-top';
const stateOf = (score: number) => (score >= 90 ? 'ok' : score >= 70 ? 'medium' : 'high');

/** The parts of a score, beside those it would take the place of. */
export const ScoreTable = ({ score, before }: { score: Score; before?: Score }) => (
  <table className="w-full">
    <thead>
      <tr className="text-meta text-fg-subtle">
        {[t.part, ...(before ? [t.before, t.after] : [t.score]), t.reason].map((head) => (
          <th key={head} scope="col" className={CELL}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row" className={`${CELL} font-strong`}>
          {t.total}
        </th>
        {before && <td className={CELL}>{number(before.total)}</td>}
        <td className={CELL}>
          <Mark state={stateOf(score.total)}>{number(score.total)}</Mark>
        </td>
        <td className={CELL} />
      </tr>
      {score.parts.map((one) => (
        <tr key={one.part}>
          <th scope="row" className={CELL}>
            {t.parts[one.part]}
          </th>
          {before && <td className={CELL}>{number(before.parts.find(({ part }) => part === one.part)?.score ?? 0)}</td>}
          <td className={CELL}>{number(one.score)}</td>
          <td className={`${CELL} text-meta text-fg-muted`}>
            <Told>{one.reason}</Told>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** What each person has, beside a fair share. */
export const ShareTable = ({ score }: { score: Score }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls sideways, which the keyboard must reach
  <section className="overflow-x-auto" aria-label={t.share} tabIndex={0}>
    <table className="w-full">
      <thead>
        <tr className="text-meta text-fg-subtle">
          {[t.person, t.turns, t.hours, t.fair, t.nights, t.weekends, t.holidays, t.past].map((head, at) => (
            <th key={head} scope="col" className={`${CELL} ${at > 0 ? 'text-right' : ''}`}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {score.people.map((one) => (
          <tr key={one.person}>
            <th scope="row" className={`${CELL} font-strong`}>
              {one.display_name}
            </th>
            {[
              ['turns', one.turns],
              ['hours', one.hours],
              ['fair', one.fair_hours],
              ['nights', one.night_hours],
              ['weekends', one.weekend_hours],
              ['holidays', one.holiday_hours],
              ['past', one.past_hours],
            ].map(([key, value]) => (
              <td key={key} className={`${CELL} text-right tabular-nums`}>
                {number(value as number)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** Beside a schedule: how good it is in the time that is shown, and what is worst. */
export const Fairness = ({ name, from, to, mayPropose }: { name: string; from: number; to: number; mayPropose: boolean }) => {
  const score = useQuery(scoreQuery(name, from, to)).data;
  if (!score) return null;
  const worst = score.parts.filter((one) => one.score < 100).sort((a, b) => a.score - b.score)[0];
  return (
    <Section
      title={t.fairness}
      fact={t.inView}
      action={mayPropose ? <Link to={`/schedules/${name}/rota`}>{t.action}</Link> : undefined}
    >
      <Mark state={stateOf(score.total)}>{t.ofHundred(number(score.total))}</Mark>
      {worst && <p className="pt-1 text-meta text-fg-muted">{t.lowest(t.parts[worst.part], worst.reason)}</p>}
    </Section>
  );
};
