import { useQuery } from '@tanstack/react-query';
import { useMe } from '../../api/me.ts';
import { health as t } from '../../text/health.ts';
import { clock } from '../../time.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { askFor, restQuery } from './queries.ts';

/** After a page in the night: the morning that is owed, while somebody is still on call in it. */
export const RestOwed = () => {
  const me = useMe();
  const zone = me?.person?.time_zone;
  const owed = useQuery({ ...restQuery, enabled: zone !== undefined }).data?.find((one) => one.cover.length > 0);
  if (!owed) return null;
  return (
    <Section title={t.home.title}>
      <p>{t.home.says(clock(owed.paged_at, zone), clock(owed.starts, zone), clock(owed.ends, zone))}</p>
      <div className="flex flex-wrap gap-2 pt-2">
        {owed.cover.map((turn) => (
          <Link
            key={`${turn.schedule} ${turn.starts}`}
            to={askFor(turn)}
            look="button"
            size="sm"
            aria-label={t.askFor(turn.title)}
          >
            {owed.cover.length > 1 ? t.askFor(turn.title) : t.ask}
          </Link>
        ))}
      </div>
    </Section>
  );
};
