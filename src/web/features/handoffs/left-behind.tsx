import { handoffs as t } from '../../text/handoffs.ts';
import { number } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Severity } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { type Handoff, when } from './queries.ts';

type Item = Handoff['left']['open_incidents']['items'][number];

/** What whoever comes takes over: gathered as it is read, or as it was when it was confirmed. */
export const LeftBehind = ({ one }: { one: Handoff }) => {
  const { left } = one;
  const fact = one.state === 'confirmed' ? t.asItWas(when(left.at)) : t.services(left.services.length);
  const { open_incidents: open, pages, silences } = left;
  if (left.services.length === 0)
    return (
      <Section title={t.open} padded="page">
        <p className="text-fg-muted">{t.noServices}</p>
      </Section>
    );
  return (
    <>
      <Section title={t.open} fact={fact} padded="page">
        {open.items.length === 0 && <p className="text-fg-muted">{t.openNone}</p>}
        <Rows label={t.open}>
          {open.items.map((item) => (
            <Incident key={item.number} item={item} end={<Time at={item.opened_at} age />} />
          ))}
        </Rows>
        {open.total > open.items.length && <p className="pt-2 text-fg-muted">{t.more(open.total - open.items.length)}</p>}
      </Section>
      <Section title={t.pages} fact={pages.total > 0 ? t.pagesFact(pages.total, pages.incidents) : undefined} padded="page">
        {pages.items.length === 0 && <p className="text-fg-muted">{t.pagesNone}</p>}
        <Rows label={t.pages}>
          {pages.items.map((item) => (
            <Incident key={item.number} item={item} end={<span>{t.pagesOf(number(item.pages))}</span>} />
          ))}
        </Rows>
        {pages.incidents > pages.items.length && (
          <p className="pt-2 text-fg-muted">{t.more(pages.incidents - pages.items.length)}</p>
        )}
      </Section>
      <Section title={t.silences} padded="page">
        {silences.length === 0 && <p className="text-fg-muted">{t.silencesNone}</p>}
        <Rows label={t.silences}>
          {silences.map((item) => (
            <Row key={item.id}>
              <span className="min-w-0 flex-1 py-1">
                <span className="block">{item.comment}</span>
                <Subtle>{item.services.length > 0 ? item.services.join(', ') : t.everything}</Subtle>
              </span>
              <Subtle>{t.silencedUntil(when(item.until))}</Subtle>
            </Row>
          ))}
        </Rows>
      </Section>
    </>
  );
};

const Incident = ({ item, end }: { item: Item; end: React.ReactNode }) => (
  <Row>
    <Severity severity={item.severity} over={item.status === 'resolved' || item.status === 'closed'} />
    <span className="min-w-0 flex-1 py-1">
      <Link to={`/incidents/${item.number}`}>
        {item.number} {item.title}
      </Link>{' '}
      <Subtle>{item.service}</Subtle>
    </span>
    <Subtle>{end}</Subtle>
  </Row>
);
