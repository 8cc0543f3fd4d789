import type { ReactNode } from 'react';

/** A key of the keyboard. `inside` a filled button or tooltip it takes that colour. Not shown where there is no keyboard. */
export const Key = ({ children, inside }: { children: ReactNode; inside?: boolean }) => (
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus; the control it stands in names its key
  <kbd
    aria-hidden="true"
    className={`hidden h-4.5 min-w-4.5 place-items-center rounded-sm border px-1 font-sans text-[11px] leading-none font-strong desk:inline-grid ${inside ? 'border-current opacity-80' : 'border-line-strong bg-surface text-fg-muted'}`}
  >
    {children}
  </kbd>
);

/** One of the hints in a list's foot: `<KeyHint keys={['J', 'K']}>move</KeyHint>`. */
export const KeyHint = ({ keys, children }: { keys: string[]; children: ReactNode }) => (
  <span className="hidden items-center gap-1 text-12 text-fg-muted desk:inline-flex">
    {keys.map((key) => (
      <Key key={key}>{key}</Key>
    ))}
    <span className="pl-0.5">{children}</span>
  </span>
);
