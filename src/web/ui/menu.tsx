import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Key } from './key.tsx';
import { FLOAT } from './overlay.tsx';

export type MenuEntry =
  | { label: ReactNode; icon?: ReactNode; onSelect: () => void; shortcut?: string; danger?: boolean; checked?: boolean }
  | 'line'
  | { heading: string };

const ITEM =
  'flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 outline-none select-none data-highlighted:bg-hover max-desk:min-h-11';

/** `trigger` is a button; it gets what opens the menu. */
export const Menu = ({
  trigger,
  entries,
  align = 'end',
  startOpen = false,
}: {
  trigger: ReactElement;
  entries: MenuEntry[];
  align?: 'start' | 'end';
  startOpen?: boolean;
}) => (
  <BaseMenu.Root defaultOpen={startOpen}>
    <BaseMenu.Trigger render={trigger} />
    <BaseMenu.Portal>
      <BaseMenu.Positioner sideOffset={4} align={align} className="z-50">
        <BaseMenu.Popup className={`fade ${FLOAT} max-h-(--available-height) min-w-45 overflow-auto p-1`}>
          {entries.map((entry, index) =>
            entry === 'line' ? (
              <BaseMenu.Separator key={index} className="my-1 h-px bg-line" />
            ) : 'heading' in entry ? (
              <div key={entry.heading} className="px-2 pt-2 pb-1 text-12 text-fg-subtle">
                {entry.heading}
              </div>
            ) : (
              <BaseMenu.Item key={index} onClick={entry.onSelect} className={`${ITEM} ${entry.danger ? 'text-critical' : ''}`}>
                {entry.checked !== undefined ? (
                  <span className="inline-block w-3.5">{entry.checked && <Check size={13} aria-hidden="true" />}</span>
                ) : (
                  entry.icon
                )}
                {entry.label}
                {entry.checked && <span className="vh">✓</span>}
                {entry.shortcut && (
                  <span className="ml-auto pl-4">
                    <Key>{entry.shortcut}</Key>
                  </span>
                )}
              </BaseMenu.Item>
            ),
          )}
        </BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  </BaseMenu.Root>
);
