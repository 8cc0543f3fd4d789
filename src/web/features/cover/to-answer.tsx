import { useQuery } from '@tanstack/react-query';
import { cover as t } from '../../text/cover.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { useCalled, useMyName } from '../schedules/use-view.ts';
import { myCoverQuery, span } from './queries.ts';

/** Requests that wait for my answer. */
export const CoverToAnswer = () => {
  const me = useMyName();
  const called = useCalled();
  const { data = [] } = useQuery({ ...myCoverQuery, enabled: me !== undefined });
  const waiting = data.filter((one) => me !== undefined && one.asked.includes(me) && !one.declined.includes(me));
  if (waiting.length === 0) return null;
  return (
    <Section title={t.waiting}>
      <Rows label={t.waiting}>
        {waiting.map((one) => (
          <Row key={one.id}>
            <span className="min-w-0 flex-1 py-1">
              <span className="block font-strong">{t.asks(called(one.person), one.in_return !== null)}</span>
              <span className="block text-meta text-fg-muted">
                {one.title}, {span(one)}
              </span>
            </span>
            <Link to={`/cover/${one.id}`} look="button" size="sm" aria-label={`${t.answer}: ${one.title}, ${span(one)}`}>
              {t.answer}
            </Link>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
