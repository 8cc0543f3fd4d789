import { useSlimRail, useTheme } from '../../shell/preferences.ts';
import { useSingleKeys } from '../../shell/shortcuts.ts';
import { me as t } from '../../text/me.ts';
import { ui } from '../../text/ui.ts';
import { Segmented, Switch } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';

/** What is kept in this browser and not with the person; the menu under her name changes the same. */
export const Device = () => {
  const [theme, setTheme] = useTheme();
  const [keys, setKeys] = useSingleKeys();
  const [slim, turnRail] = useSlimRail();
  return (
    <Section title={t.device} padded="page">
      <div className="flex max-w-110 flex-col items-start gap-3">
        <p className="text-fg-muted">{t.deviceHint}</p>
        <div className="flex flex-col gap-1">
          <span className="text-meta text-fg-muted" aria-hidden="true">
            {ui.theme.title}
          </span>
          <Segmented
            label={ui.theme.title}
            value={theme}
            onChange={setTheme}
            options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: ui.theme[value] }))}
          />
        </div>
        <Switch checked={keys} onChange={setKeys}>
          {ui.singleKeys}
        </Switch>
        <span className="max-wide:hidden">
          <Switch checked={slim} onChange={turnRail}>
            {t.slimMenu}
          </Switch>
        </span>
      </div>
    </Section>
  );
};
