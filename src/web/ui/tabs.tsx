import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export type TabItem = { value: string; label: ReactNode; count?: number | undefined; panel: ReactNode };
/** Which one is open belongs in the address: `value` from `useSearchState`. */
export const Tabs = ({
  value,
  onChange,
  tabs,
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  tabs: TabItem[];
  label: string;
}) => (
  <BaseTabs.Root value={value} onValueChange={(next) => onChange(String(next))} className="flex min-h-0 flex-1 flex-col">
    <BaseTabs.List aria-label={label} className="no-bar flex shrink-0 gap-4 overflow-x-auto border-b border-line px-(--pad)">
      {tabs.map((tab) => (
        <BaseTabs.Tab
          key={tab.value}
          value={tab.value}
          className="-mb-px inline-flex h-9 cursor-pointer items-center gap-1.5 border-b-2 border-transparent whitespace-nowrap text-fg-muted outline-offset-[-2px] hover:text-fg data-active:border-accent data-active:font-strong data-active:text-fg max-desk:h-11"
        >
          {tab.label}
          {tab.count !== undefined && <span className="text-12 font-text text-fg-subtle">{tab.count}</span>}
        </BaseTabs.Tab>
      ))}
    </BaseTabs.List>
    {tabs.map((tab) => (
      <BaseTabs.Panel key={tab.value} value={tab.value} className="flex min-h-0 flex-1 flex-col outline-none">
        {tab.panel}
      </BaseTabs.Panel>
    ))}
  </BaseTabs.Root>
);
