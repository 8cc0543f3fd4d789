import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, ok } from '../../api/client.ts';
import { integrations } from '../../text/integrations.ts';
import { setup } from '../../text/setup.ts';
import { duration, now, useNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Choices } from '../../ui/steps.tsx';
import { Code, Subtle } from '../../ui/text.tsx';
import { AddIntegration } from '../integrations/add-integration.tsx';
import { integrationQuery, KINDS, type Kind, setupQuery as toolsQuery } from '../integrations/queries.ts';
import { sampleOf } from '../integrations/samples.ts';
import type { Setup } from './queries.ts';

const t = setup.source;

/** Where alerts come from: what to copy into the tool, and the wait for its first alert. */
export const SourceStep = ({ integration, onSkip }: { integration: Setup['integration']; onSkip: (() => void) | undefined }) => {
  const [adding, setAdding] = useState(false);
  if (integration) return <Listening name={integration.name} onSkip={onSkip} />;
  return (
    <>
      <Button look="main" onClick={() => setAdding(true)}>
        {t.none}
      </Button>
      {adding && <AddIntegration onClose={() => setAdding(false)} />}
    </>
  );
};

const Listening = ({ name, onSkip }: { name: string; onSkip: (() => void) | undefined }) => {
  const client = useQueryClient();
  const one = useQuery(integrationQuery(name)).data;
  const tools = useQuery(toolsQuery(name)).data?.tools;
  const time = useNow(1000);
  const [since] = useState(time);
  const refresh = () => Promise.all(['integrations', 'setup'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  // What is chosen is kept: the integration then says of itself what sends.
  const choose = useMutation({
    mutationFn: (kind: Kind) =>
      ok(
        api.PUT('/api/integrations/{name}', {
          params: { path: { name } },
          body: { service: one?.data.service ?? '', kind },
          headers: ifMatch(one?.tag),
        }),
      ),
    onSettled: refresh,
  });
  const kind = (choose.isPending ? choose.variables : one?.data.kind) as Kind | undefined;
  const sample = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/integrations/{name}/replay', {
          params: { path: { name } },
          body: { payload: sampleOf(kind ?? 'generic', name, now()), dry_run: false },
        }),
      ),
    onSettled: refresh,
  });
  const tool = tools?.find((other) => other.tool === (kind === 'generic' ? 'curl' : kind));
  if (!one) return null;
  return (
    <div className="flex flex-col gap-3">
      <ProblemStrip error={choose.error ?? sample.error} />
      <Choices
        label={t.label}
        name="source"
        value={kind}
        onChange={choose.mutate}
        options={KINDS.map((value) => ({ value, label: integrations.kinds[value] }))}
      />
      {tool && (
        <>
          <ol className="flex list-decimal flex-col gap-1 pl-5">
            {tool.steps.map((step) => (
              <li key={step} className="wrap-anywhere">
                {step}
              </li>
            ))}
          </ol>
          <Code label={t.tool(tool.title)}>{tool.snippet}</Code>
        </>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {!one.data.last_event_at && (
          <span aria-live="off">
            <Subtle>{t.listening(duration(time - since))}</Subtle>
          </span>
        )}
        <span className="ml-auto flex gap-2">
          {onSkip && (
            <Button look="quiet" onClick={onSkip}>
              {t.skip}
            </Button>
          )}
          <Button look="main" busy={sample.isPending} onClick={() => sample.mutate()}>
            {t.sample}
          </Button>
        </span>
      </div>
      <p className="text-meta text-fg-subtle">{t.sampleWhy}</p>
    </div>
  );
};
