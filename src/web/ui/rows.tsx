import type { ReactNode } from 'react';

/** A short list in a pane: hairlines between, no heads. */
export const Rows = ({ children, label }: { children: ReactNode; label?: string }) => (
  <ul aria-label={label} className="flex flex-col divide-y divide-line">
    {children}
  </ul>
);
export const Row = ({ children }: { children: ReactNode }) => (
  <li className="flex min-h-(--row) flex-wrap items-center gap-2 py-1">{children}</li>
);
