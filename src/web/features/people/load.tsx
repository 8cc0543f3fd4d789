import { useQuery } from '@tanstack/react-query';
import { people as t } from '../../text/people.ts';
import { number } from '../../time.ts';
import { Section } from '../../ui/layout.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { useCalled } from './called.ts';
import { loadQuery } from './queries.ts';

type Load = { on_call_seconds: number; on_call_night_seconds: number; incidents: number; night_incidents: number };

const hours = (seconds: number): string => `${number(Math.round(seconds / 3600))} h`;

/** "168 h, 56 h at night · 4 incidents, 1 at night"; what is nothing is not said. */
export const LoadWords = ({ load }: { load: Load | undefined }) => {
  if (!load) return null;
  if (load.on_call_seconds === 0 && load.incidents === 0) return <Subtle>{t.loadNone}</Subtle>;
  return (
    <span className="inline-flex flex-wrap gap-x-3">
      {load.on_call_seconds > 0 && (
        <span>
          {hours(load.on_call_seconds)}
          {load.on_call_night_seconds > 0 && <Subtle>, {t.atNight(hours(load.on_call_night_seconds))}</Subtle>}
        </span>
      )}
      {load.incidents > 0 && (
        <span>
          {t.incidents(load.incidents)}
          {load.night_incidents > 0 && <Subtle>, {t.atNight(number(load.night_incidents))}</Subtle>}
        </span>
      )}
    </span>
  );
};

export const useLoad = (): ((name: string) => Load | undefined) => {
  const items = useQuery(loadQuery).data?.items;
  return (name) => items?.find((one) => one.person === name);
};

/** What being on call asked of these people. */
export const LoadSection = ({ people }: { people: string[] }) => {
  const load = useLoad();
  const called = useCalled();
  if (people.length === 0) return null;
  return (
    <Section title={t.load} fact={t.loadOver} padded="page">
      <Rows label={t.load}>
        {people.map((name) => (
          <Row key={name}>
            {people.length > 1 && (
              <span className="w-45">
                <Person name={called(name)} />
              </span>
            )}
            <LoadWords load={load(name)} />
          </Row>
        ))}
      </Rows>
      <p className="pt-2 text-meta text-fg-muted">{t.night}</p>
    </Section>
  );
};
