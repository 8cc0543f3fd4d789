import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../../api/me.ts';
import { useSearchState } from '../../search-state.ts';
import { useCommands } from '../../shell/commands.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { heartbeats as beats, integrations as ways } from '../../text/integrations.ts';
import { services as t } from '../../text/services.ts';
import { number, short } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, PageHead, ProblemStrip, SkeletonRows, Strip } from '../../ui/layout.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePhone } from '../../ui/width.ts';
import { HeartbeatDialog } from '../heartbeats/heartbeat-dialog.tsx';
import { HeartbeatList } from '../heartbeats/heartbeat-list.tsx';
import { servicesQuery } from '../incidents/queries.ts';
import { AddIntegration } from '../integrations/add-integration.tsx';
import { RefusedRequests } from '../integrations/inspector.tsx';
import { IntegrationList } from '../integrations/integration-list.tsx';
import { strangersQuery } from '../integrations/queries.ts';
import { AddService } from './add-service.tsx';
import { ServiceList } from './service-list.tsx';

const DAY_MS = 86_400_000;
type Adding = 'services' | 'integrations' | 'heartbeats';
const VERB: Record<Adding, string> = { services: t.new, integrations: ways.add, heartbeats: beats.add };

/** What is set up: services, the integrations alerts come by, heartbeats, and requests nobody could be found for. */
export const ServicesPage = () => {
  const [search, set] = useSearchState();
  const may = useCan()('service.write');
  const phone = usePhone();
  const [adding, setAdding] = useState<Adding>();
  const all = useQuery(servicesQuery);
  const strangers = useQuery(strangersQuery);
  const refused = strangers.data?.items ?? [];
  const tab = search.tab ?? 'services';
  const kind = tab === 'refused' ? undefined : (tab as Adding);
  const add = may && kind ? () => setAdding(kind) : undefined;
  useShortcuts(add ? [{ key: 'n', label: VERB[kind as Adding], run: add }] : []);
  useCommands(
    may
      ? (['services', 'integrations', 'heartbeats'] as const).map((one) => ({ label: VERB[one], run: () => setAdding(one) }))
      : [],
  );
  const now = Date.parse(refused[0]?.at ?? '');
  const recent = refused.filter((one) => now - Date.parse(one.at) < DAY_MS);
  return (
    <>
      <PageHead title={t.title} fact={all.data && t.fact(number(all.data.items.length))}>
        {add && (
          <Button look="main" icon={<Plus size={14} aria-hidden="true" />} shortcut="N" onClick={add}>
            {phone ? t.newShort : VERB[kind as Adding]}
          </Button>
        )}
      </PageHead>
      {tab !== 'refused' && recent[0] && (
        <Strip
          state="medium"
          action={
            <Button size="sm" onClick={() => set({ tab: 'refused', q: undefined })}>
              {t.look}
            </Button>
          }
        >
          {t.unknownKeys(recent.length, short(recent[0].at))}
        </Strip>
      )}
      <Tabs
        label={t.tabs.label}
        value={tab}
        onChange={(next) => set({ tab: next === 'services' ? undefined : next, q: undefined, team: undefined, at: undefined })}
        tabs={[
          { value: 'services', label: t.tabs.services, panel: <ServiceList onAdd={add} /> },
          { value: 'integrations', label: t.tabs.integrations, panel: <IntegrationList onAdd={add} /> },
          { value: 'heartbeats', label: t.tabs.heartbeats, panel: <HeartbeatList onAdd={add} may={may} /> },
          {
            value: 'refused',
            label: t.tabs.refused,
            count: refused.length || undefined,
            panel: (
              <>
                <ProblemStrip error={strangers.error} />
                {strangers.isPending ? (
                  <SkeletonRows />
                ) : (
                  <>
                    {refused.length > 0 && (
                      <p className="border-b border-line px-(--pad) py-2 text-fg-muted">{ways.refused.unknownWhy}</p>
                    )}
                    <RefusedRequests
                      refused={refused}
                      empty={<Empty title={ways.refused.empty}>{ways.refused.emptyWhy}</Empty>}
                    />
                  </>
                )}
              </>
            ),
          },
        ]}
      />
      {adding === 'services' && <AddService onClose={() => setAdding(undefined)} />}
      {adding === 'integrations' && <AddIntegration onClose={() => setAdding(undefined)} />}
      {adding === 'heartbeats' && <HeartbeatDialog onClose={() => setAdding(undefined)} />}
    </>
  );
};
