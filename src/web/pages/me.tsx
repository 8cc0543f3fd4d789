import { useCan, useMe } from '../api/me.ts';
import { OwnDetails } from '../features/me/details.tsx';
import { Device } from '../features/me/device.tsx';
import { HandoffNotices } from '../features/me/handoff-notices.tsx';
import { OwnKeys } from '../features/me/keys.tsx';
import { Leave } from '../features/me/leave.tsx';
import { Reach } from '../features/me/reach.tsx';
import { Security } from '../features/me/security.tsx';
import { Wishes } from '../features/me/wishes.tsx';
import { PersonHealth } from '../features/on-call-health/person-health.tsx';
import { useSearchState } from '../search-state.ts';
import { health } from '../text/health.ts';
import { leave } from '../text/leave.ts';
import { me as t } from '../text/me.ts';
import { PageHead } from '../ui/layout.tsx';
import { Tabs } from '../ui/tabs.tsx';

export default function MePage() {
  const person = useMe()?.person;
  const can = useCan();
  const [search, set] = useSearchState();
  if (!person) return <PageHead title={t.title} />;
  return (
    <>
      <PageHead title={t.title} fact={person.email} />
      <Tabs
        label={t.tabs}
        value={search.tab ?? 'reach'}
        onChange={(tab) => set({ tab })}
        tabs={[
          {
            value: 'reach',
            label: t.reach,
            panel: (
              <>
                <Reach name={person.name} own />
                {can('self.write') && can('configuration.read') && <HandoffNotices name={person.name} />}
              </>
            ),
          },
          {
            value: 'details',
            label: t.details,
            panel: (
              <>
                <OwnDetails name={person.name} />
                <Device />
              </>
            ),
          },
          ...(can('configuration.read')
            ? [
                {
                  value: 'leave',
                  label: leave.title,
                  panel: (
                    <>
                      <Leave name={person.name} own mayPlan={can('self.write')} />
                      {can('self.write') && <Wishes name={person.name} />}
                    </>
                  ),
                },
              ]
            : []),
          { value: 'health', label: health.title, panel: <PersonHealth name={person.name} own /> },
          { value: 'security', label: t.security, panel: <Security /> },
          { value: 'keys', label: t.keys, panel: <OwnKeys /> },
        ]}
      />
    </>
  );
}
