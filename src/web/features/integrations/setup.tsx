import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query.ts';
import { useSearchState } from '../../search-state.ts';
import { integrations as t } from '../../text/integrations.ts';
import { now } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip, Section, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { Code, Muted } from '../../ui/text.tsx';
import { type Integration, setupQuery } from './queries.ts';
import { type Again, ReplayDialog } from './replay-dialog.tsx';
import { sampleOf } from './samples.ts';

/** How each tool is told to send here, to copy. Whoever made the integration sees its key this once. */
export const Setup = ({ integration }: { integration: Integration }) => {
  const [search, set] = useSearchState();
  const setup = useQuery(setupQuery(integration.name));
  if (setup.error) return <ProblemStrip error={setup.error} />;
  if (!setup.data) return <SkeletonRows />;
  const made = queryClient.getQueryData<string>(['integrations', 'made', integration.name]);
  const filled = (text: string) => (made && !setup.data.key_shown ? text.replaceAll(integration.key, made) : text);
  const { tools } = setup.data;
  const tool = tools.find((one) => one.tool === search.tool) ?? tools[0];
  if (!tool) return null;
  return (
    <>
      {!setup.data.key_shown && (made ? <Strip state="maint">{t.setup.once}</Strip> : <Strip>{t.setup.hidden}</Strip>)}
      <Section title={t.setup.steps} padded="page">
        <div className="flex max-w-200 flex-col gap-3">
          {tools.length > 1 && (
            <div className="max-w-90">
              <Select
                label={t.setup.tool}
                value={tool.tool}
                onChange={(next) => set({ tool: next === tools[0]?.tool ? undefined : next })}
                options={tools.map((one) => ({
                  value: one.tool,
                  label: one.title,
                  ...(one.fits ? { hint: t.setup.fits } : {}),
                }))}
              />
            </div>
          )}
          <ol className="flex list-decimal flex-col gap-1 pl-5 text-prose">
            {tool.steps.map((step) => (
              <li key={step} className="wrap-anywhere">
                {filled(step)}
              </li>
            ))}
          </ol>
          <Code label={t.setup.snippet(tool.title)}>{filled(tool.snippet)}</Code>
          <p className="text-meta text-fg-subtle">{t.setup.docs(tool.docs)}</p>
        </div>
      </Section>
      <Sample integration={integration} />
    </>
  );
};

/** One alert as a tool would send it, for when no tool is at hand. */
const Sample = ({ integration }: { integration: Integration }) => {
  const can = useCan();
  const [again, setAgain] = useState<Again>();
  const { kind } = integration;
  // A call has no payload to try.
  if (!can('simulate') || kind === 'phone') return null;
  return (
    <Section title={t.setup.sample} padded="page">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          icon={<Send size={13} aria-hidden="true" />}
          onClick={() => setAgain({ payload: sampleOf(kind, integration.name, now()) })}
        >
          {t.setup.sampleDo}
        </Button>
        <Muted>{t.setup.sampleWhy}</Muted>
      </div>
      {again && (
        <ReplayDialog integration={integration.name} title={t.setup.sampleDo} again={again} onClose={() => setAgain(undefined)} />
      )}
    </Section>
  );
};
