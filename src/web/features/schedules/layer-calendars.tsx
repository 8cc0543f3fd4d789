import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { layerCalendars as c } from '../../text/layer-calendars.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Time } from '../../ui/text.tsx';
import { layerCalendarsQuery } from './queries.ts';
import { moment, type Words } from './rows.ts';

/** Reading takes up to 20 s; the schedule's turns may be others afterwards. */
const PATIENCE_S = 25;

/** The calendars that layers take their turns from: when each was read, what went wrong, and events that name nobody. */
export const LayerCalendars = ({ name, words, mayRead }: { name: string; words: Words; mayRead: boolean }) => {
  const client = useQueryClient();
  const calendars = useQuery(layerCalendarsQuery(name)).data?.items;
  const read = useMutation({
    mutationFn: async (layer: string) => {
      const triedAt = calendars?.find((one) => one.layer === layer)?.tried_at;
      await ok(api.POST('/api/schedules/{name}/layer-calendars/{layer}/read', { params: { path: { name, layer } } }));
      for (let waited = 0; waited < PATIENCE_S; waited += 1) {
        await new Promise((later) => setTimeout(later, 1000));
        const { items } = await client.fetchQuery({ ...layerCalendarsQuery(name), staleTime: 0 });
        if (items.find((one) => one.layer === layer)?.tried_at !== triedAt) return;
      }
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['schedules'] }),
  });
  if (!calendars) return null;
  return (
    <Section title={c.title}>
      <ProblemStrip error={read.error} />
      <Rows label={c.title}>
        {calendars.map(({ layer, error, read_at, tried_at, events, findings, more_findings, unreadable }) => (
          <Row key={layer}>
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="min-w-0 font-strong wrap-anywhere">{c.layer(layer)}</span>
                {error ? (
                  <Mark state="high">{c.fails}</Mark>
                ) : !read_at ? (
                  <Mark state="medium">{c.waits}</Mark>
                ) : findings.length + unreadable.length > 0 || events === 0 ? (
                  <Mark state="medium">{c.lacks}</Mark>
                ) : (
                  <Mark state="ok" quiet>
                    {c.fine}
                  </Mark>
                )}
              </span>
              {error && <span className="block text-meta text-fg-muted wrap-anywhere">{error}</span>}
              {read_at && <span className="block text-meta text-fg-muted">{events > 0 ? c.events(events) : c.empty}</span>}
              {unreadable.length > 0 && (
                <span className="block text-meta text-fg-muted wrap-anywhere">{c.unreadable(unreadable)}</span>
              )}
              {findings.map((one) => (
                <span key={`${one.starts} ${one.title}`} className="block text-meta text-fg-muted wrap-anywhere">
                  {c.finding(one.title, moment(one.starts, words.zone), moment(one.ends, words.zone))} {one.problem}
                </span>
              ))}
              {more_findings > 0 && <span className="block text-meta text-fg-muted">{c.more(more_findings)}</span>}
              <span className="flex flex-wrap items-center justify-between gap-x-3 text-meta text-fg-subtle">
                <span>
                  {read_at ? (
                    <>
                      {error ? c.stale : c.read} <Time at={read_at} age /> {c.ago}
                    </>
                  ) : (
                    error && c.never
                  )}
                  {error && tried_at && (
                    <>
                      {' '}
                      {c.tried} <Time at={tried_at} age /> {c.ago}
                    </>
                  )}
                </span>
                {mayRead && (
                  <Button size="sm" busy={read.isPending && read.variables === layer} onClick={() => read.mutate(layer)}>
                    {c.now}
                  </Button>
                )}
              </span>
            </span>
          </Row>
        ))}
      </Rows>
    </Section>
  );
};
