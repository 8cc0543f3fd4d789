import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCan } from '../api/me.ts';
import { CompensationRules } from '../features/compensation/rules-form.tsx';
import { HealthLimits } from '../features/on-call-health/limits.tsx';
import { Audit } from '../features/settings/audit.tsx';
import { Backup } from '../features/settings/backup.tsx';
import { Channels } from '../features/settings/channels.tsx';
import { Delivery } from '../features/settings/delivery.tsx';
import { Keys } from '../features/settings/keys.tsx';
import { Process } from '../features/settings/process.tsx';
import { Scheme } from '../features/settings/scheme.tsx';
import { SignOns } from '../features/settings/sign-on.tsx';
import { WordingSettings } from '../features/settings/wording.tsx';
import { screens } from '../text/screens.ts';
import { settings as t } from '../text/settings.ts';
import { Empty, PageHead } from '../ui/layout.tsx';
import { Tabs } from '../ui/tabs.tsx';

const names = screens.settingsPart;
const PARTS = [
  { value: 'channels', label: names.channels, panel: <Channels />, permission: 'settings.write' },
  { value: 'delivery', label: names.delivery, panel: <Delivery />, permission: 'settings.write' },
  { value: 'wording', label: names.wording, panel: <WordingSettings />, permission: 'settings.write' },
  { value: 'health', label: names.health, panel: <HealthLimits />, permission: 'settings.write' },
  { value: 'compensation', label: names.compensation, panel: <CompensationRules />, permission: 'settings.write' },
  { value: 'sign-on', label: names['sign-on'], panel: <SignOns />, permission: 'settings.write' },
  { value: 'keys', label: names.keys, panel: <Keys />, permission: 'tokens.write' },
  { value: 'scheme', label: names.scheme, panel: <Scheme />, permission: 'configuration.read' },
  { value: 'audit', label: names.audit, panel: <Audit />, permission: 'journal.read' },
  { value: 'process', label: names.process, panel: <Process />, permission: 'process.apply' },
  { value: 'backup', label: names.backup, panel: <Backup />, permission: 'backup' },
];

/** Each part has an address of its own, `/settings/audit`; she sees those that are hers to use. */
export default function SettingsPage() {
  const can = useCan();
  const navigate = useNavigate();
  const wanted = useLocation().pathname.split('/')[2];
  const parts = PARTS.filter((part) => can(part.permission));
  const part = parts.find((one) => one.value === wanted) ?? parts[0];
  return (
    <>
      <PageHead title={t.title} />
      {part ? (
        <Tabs
          label={t.tabs}
          value={part.value}
          onChange={(value) => void navigate({ to: `/settings/${value}`, search: {} })}
          tabs={parts}
        />
      ) : (
        <Empty title={t.nothing.title}>{t.nothing.why}</Empty>
      )}
    </>
  );
}
