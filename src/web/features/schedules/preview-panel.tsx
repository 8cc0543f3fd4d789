import type { ReactNode } from 'react';
import { schedules as t } from '../../text/schedules.ts';
import { number } from '../../time.ts';
import { Badge, Mark, type State } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Told } from '../../ui/text.tsx';
import { uncovered } from './changes.ts';
import type { Preview, Timeline } from './queries.ts';
import { moment, type Words } from './rows.ts';

const hoursOf = (seconds: number) => number(Math.round(seconds / 360) / 10);

type Check = { key: string; what: ReactNode; before: string; after: string; state?: State; verdict: string };

const checksOf = (before: Timeline | undefined, { timeline, people }: Preview, { called, me }: Words): Check[] => {
  const [was, is] = [before ? uncovered(before) / 1000 : undefined, uncovered(timeline) / 1000];
  const gapState: State | undefined = is === 0 ? 'ok' : was === undefined || is > was ? 'high' : 'medium';
  const gapWord = () => {
    if (was === undefined) return is === 0 ? t.list.none : t.preview.has;
    if (is === was) return is === 0 ? t.list.none : t.preview.same;
    if (is === 0) return t.preview.fixed;
    return is < was ? t.preview.fewer : t.preview.more;
  };
  return [
    {
      key: 'gaps',
      what: t.preview.gaps,
      before: was === undefined ? t.preview.fresh : t.preview.h(hoursOf(was)),
      after: t.preview.h(hoursOf(is)),
      ...(is === was && is > 0 ? {} : { state: gapState }),
      verdict: gapWord(),
    },
    ...people
      .filter(
        (one) =>
          before !== undefined &&
          (one.before_seconds !== one.after_seconds || one.before_night_seconds !== one.after_night_seconds),
      )
      .flatMap((one) => {
        const name = one.person === me ? `${called(one.person)} (${t.you})` : called(one.person);
        const row = (key: string, what: string, from: number, to: number): Check[] =>
          from === to
            ? []
            : [
                {
                  key: `${key} ${one.person}`,
                  what,
                  before: t.preview.h(hoursOf(from)),
                  after: t.preview.h(hoursOf(to)),
                  verdict: to > from ? t.preview.gains(hoursOf(to - from)) : t.preview.loses(hoursOf(from - to)),
                },
              ];
        return [
          ...row('hours', t.preview.hours(name), one.before_seconds, one.after_seconds),
          ...row('nights', t.preview.nights(name), one.before_night_seconds, one.after_night_seconds),
        ];
      }),
  ];
};

/** What a change would do: who gains and loses hours, the gaps, the policies left with nobody, the warnings. */
export const PreviewPanel = ({ before, preview, words }: { before: Timeline | undefined; preview: Preview; words: Words }) => {
  const { zone, called } = words;
  const known = new Set(before?.warnings.map((one) => `${one.policy} ${one.person}`));
  const cell = 'border-b border-line py-1.5 pr-3';
  return (
    <div className="flex flex-col gap-4">
      <table>
        <thead>
          <tr className="text-meta text-fg-subtle">
            {[t.preview.check, t.preview.before, t.preview.after].map((head) => (
              <th key={head} scope="col" className={cell}>
                {head}
              </th>
            ))}
            <td className={cell} />
          </tr>
        </thead>
        <tbody>
          {checksOf(before, preview, words).map((check) => (
            <tr key={check.key}>
              <th scope="row" className={cell}>
                {check.what}
              </th>
              <td className={`${cell} whitespace-nowrap`}>{check.before}</td>
              <td className={`${cell} whitespace-nowrap`}>{check.after}</td>
              <td className={`${cell} whitespace-nowrap`}>
                {check.state ? (
                  <Mark state={check.state}>{check.verdict}</Mark>
                ) : (
                  <span className="text-fg-muted">{check.verdict}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {before && preview.people.every((one) => one.before_seconds === one.after_seconds) && (
        <p className="text-fg-muted">{t.preview.nothing}</p>
      )}
      {preview.left_with_nobody.length > 0 && (
        <div>
          <h3>{t.preview.nobody}</h3>
          <Rows label={t.preview.nobody}>
            {preview.left_with_nobody.slice(0, 8).map((one) => (
              <Row key={`${one.policy} ${one.starts}`}>
                <Mark state="critical">
                  <span className="whitespace-normal">
                    {t.preview.nobodyOne(one.policy, one.services.join(', '), moment(one.starts, zone), moment(one.ends, zone))}
                  </span>
                </Mark>
              </Row>
            ))}
          </Rows>
        </div>
      )}
      <div>
        <h3>{t.preview.warnings}</h3>
        {preview.timeline.warnings.length === 0 ? (
          <p className="mt-1">
            <Mark state="ok">{t.preview.fine}</Mark>
          </p>
        ) : (
          <Rows label={t.preview.warnings}>
            {preview.timeline.warnings.map((one) => (
              <Row key={`${one.policy} ${one.person} ${one.from}`}>
                <Warning warning={one} words={words} />
                {before && !known.has(`${one.policy} ${one.person}`) && <Badge>{t.preview.fresh}</Badge>}
                {one.person && !one.message.includes(one.person) && called(one.person)}
              </Row>
            ))}
          </Rows>
        )}
      </div>
    </div>
  );
};

/** Which policy is broken and how; the server's sentence begins with the person's name as a key. */
export const Warning = ({ warning, words }: { warning: Timeline['warnings'][number]; words: Words }) => {
  const { policy, person, message } = warning;
  return (
    <span className="min-w-0 flex-1">
      <Mark state="medium">{t.warnings.policy[policy]}</Mark>
      <span className="block text-meta text-fg-muted">
        <Told>{person && message.startsWith(`${person} `) ? words.called(person) + message.slice(person.length) : message}</Told>
      </span>
    </span>
  );
};

/** How long each person is on call in view, as bars of one scale. */
export const Hours = ({ people, words }: { people: Preview['people']; words: Words }) => {
  const most = Math.max(1, ...people.map((one) => Math.max(one.before_seconds, one.after_seconds)));
  const shown = people.filter((one) => one.before_seconds > 0 || one.after_seconds > 0);
  if (shown.length === 0) return <p className="text-fg-muted">{t.hours.none}</p>;
  return (
    <ul className="flex flex-col gap-2">
      {[...shown]
        .sort((a, b) => b.after_seconds - a.after_seconds)
        .map((one) => (
          <li key={one.person} className="grid grid-cols-[minmax(0,7rem)_minmax(0,1fr)_4.5rem] items-center gap-x-3">
            <span className="truncate">
              {words.called(one.person)} {one.person === words.me && <span className="text-fg-subtle">{t.you}</span>}
            </span>
            <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-sm bg-sunken">
              <span className="block h-full rounded-sm bg-fg-muted" style={{ width: `${(one.after_seconds / most) * 100}%` }} />
            </span>
            <span className="text-right font-strong">{t.hours.of(hoursOf(one.after_seconds))}</span>
            {(one.after_night_seconds > 0 || one.before_seconds !== one.after_seconds) && (
              <span className="col-span-2 col-start-2 text-right text-meta text-fg-muted">
                {one.before_seconds !== one.after_seconds
                  ? t.hours.from(hoursOf(one.before_seconds), hoursOf(one.after_seconds))
                  : t.hours.nights(hoursOf(one.after_night_seconds))}
              </span>
            )}
          </li>
        ))}
    </ul>
  );
};
