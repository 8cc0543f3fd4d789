import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { exists } from '../../screens.ts';
import { integrations as t } from '../../text/integrations.ts';
import { ui } from '../../text/ui.ts';
import { Button, Link } from '../../ui/button.tsx';
import { ProblemStrip, problemText } from '../../ui/layout.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted, Subtle } from '../../ui/text.tsx';
import { integrationsQuery } from './queries.ts';
import { WouldPage } from './would-page.tsx';

/** What is given again: a payload as a tool would send it, a refused request, or an alert. */
export type Again = { payload: unknown } | { refused: string } | { alert: string };

/** First what replaying it would do, then, if wanted, doing it. Without `integration` that is asked first. */
export const ReplayDialog = ({
  integration: given,
  again,
  title = t.replay.title,
  onClose,
}: {
  integration?: string | undefined;
  again: Again;
  title?: string;
  onClose: () => void;
}) => {
  const client = useQueryClient();
  const may = useCan()('service.write');
  const [chosen, setChosen] = useState('');
  const integration = given ?? chosen;
  const all = useQuery({ ...integrationsQuery(), enabled: !given }).data?.items ?? [];
  const replay = (dry_run: boolean) =>
    ok(api.POST('/api/integrations/{name}/replay', { params: { path: { name: integration } }, body: { ...again, dry_run } }));
  const dry = useQuery({
    queryKey: ['alerts', 'replay', integration, again],
    queryFn: () => replay(true),
    enabled: integration !== '',
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  const real = useMutation({
    mutationFn: () => replay(false),
    onSuccess: () => client.invalidateQueries({ queryKey: ['integrations'] }),
  });
  const done = real.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      wide
      actions={
        <>
          <Button onClick={onClose}>{done ? t.replay.close : ui.cancel}</Button>
          {!done && may && (
            <Button look="main" busy={real.isPending} disabled={!dry.data} title={t.replay.dry} onClick={() => real.mutate()}>
              {t.replay.do}
            </Button>
          )}
        </>
      }
    >
      {!given && (
        <Select
          label={t.replay.into}
          hint={integration ? undefined : t.replay.need}
          value={chosen}
          onChange={setChosen}
          options={all.map((one) => ({ value: one.name, label: one.name, hint: one.service }))}
        />
      )}
      <ProblemStrip error={real.error} />
      {done ? (
        <>
          <p role="status" className="font-strong">
            {t.replay.done}
          </p>
          <ul className="flex flex-col gap-1">
            {done.outcomes.map((one, index) => (
              <li key={index}>
                {t.replay.outcome(one.result, one.why)}{' '}
                {one.alert && exists('/alerts/$id') && <Link to={`/alerts/${one.alert}`}>{t.replay.alert}</Link>}
              </li>
            ))}
            {done.outcomes.length === 0 && <li>{t.replay.nothing}</li>}
          </ul>
          <Notes notes={done.notes} />
        </>
      ) : dry.error ? (
        <p role="alert">{problemText(dry.error)}</p>
      ) : integration && !dry.data ? (
        <Subtle>{t.replay.dryRun}</Subtle>
      ) : dry.data ? (
        <>
          <p className="text-fg-muted">{t.replay.what}</p>
          {(dry.data.simulated?.alerts ?? []).map((alert, index) => (
            <section key={index} className="flex flex-col gap-1">
              <h3>
                {alert.summary} <Muted>{t.replay.would(alert.service)}</Muted>
              </h3>
              <ul className="flex flex-col gap-0.5 text-meta text-fg-muted">
                {alert.decisions.map((one, at) => (
                  <li key={at}>
                    {one.step}: <span className="font-strong text-fg">{one.result}</span> {one.why}
                  </li>
                ))}
              </ul>
              {alert.would_page.length > 0 && <WouldPage steps={alert.would_page} />}
            </section>
          ))}
          {dry.data.simulated?.alerts.length === 0 && <Muted>{t.replay.nothing}</Muted>}
          <Notes notes={[...dry.data.notes, ...(dry.data.simulated?.notes ?? [])]} />
        </>
      ) : null}
    </Dialog>
  );
};

const Notes = ({ notes }: { notes: string[] }) =>
  notes.length === 0 ? null : (
    <ul aria-label={t.replay.notes} className="flex flex-col gap-0.5 text-meta text-fg-subtle">
      {[...new Set(notes)].map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
