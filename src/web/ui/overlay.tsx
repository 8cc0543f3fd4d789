import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Popover as BasePopover } from '@base-ui/react/popover';
import { X } from 'lucide-react';
import { lazy, type ReactElement, type ReactNode, Suspense, useEffect, useState } from 'react';
import { ui } from '../text/ui.ts';
import { buttonClass } from './button.tsx';

/** The look of what floats over the page. */
export const FLOAT = 'rounded border border-line-strong bg-raised shadow-overlay outline-none';

/** Title, what follows from it, and the buttons: the main one last, repeating the verb. */
export const Dialog = ({
  open,
  onClose,
  title,
  children,
  actions,
  wide,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
}) => (
  <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
    <BaseDialog.Portal>
      <BaseDialog.Backdrop className="fade fixed inset-0 z-40 bg-fg/25" />
      <BaseDialog.Popup
        className={`fade ${FLOAT} fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] w-[calc(100vw-24px)] -translate-x-1/2 flex-col ${wide ? 'max-w-160' : 'max-w-110'}`}
      >
        <BaseDialog.Title className="px-4 pt-4 pr-12 text-16">{title}</BaseDialog.Title>
        <div className="flex flex-col gap-3 overflow-auto px-4 pt-2 pb-4">{children}</div>
        {actions && <div className="flex flex-wrap justify-end gap-2 px-4 pb-4">{actions}</div>}
        {/* Last, so that the focus begins in what the dialog asks. */}
        <div className="absolute top-3 right-3">
          {/* Without a tooltip: that would take the first Escape. */}
          <button type="button" aria-label={ui.close} className={buttonClass('quiet', 'sm', true)} onClick={onClose}>
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      </BaseDialog.Popup>
    </BaseDialog.Portal>
  </BaseDialog.Root>
);

export const Popover = ({
  trigger,
  title,
  children,
  open,
  onOpenChange,
}: {
  trigger: ReactElement;
  title: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}) => (
  <BasePopover.Root
    {...(open === undefined ? {} : { open })}
    {...(onOpenChange ? { onOpenChange: (next) => onOpenChange(next) } : {})}
  >
    <BasePopover.Trigger render={trigger} />
    <BasePopover.Portal>
      <BasePopover.Positioner sideOffset={4} align="start" className="z-50">
        <BasePopover.Popup className={`fade ${FLOAT} max-h-(--available-height) w-72 max-w-[calc(100vw-24px)] overflow-auto p-3`}>
          <BasePopover.Title className="vh">{title}</BasePopover.Title>
          {children}
        </BasePopover.Popup>
      </BasePopover.Positioner>
    </BasePopover.Portal>
  </BasePopover.Root>
);

/** What was done, and the way back from it. */
type Said = { done: string; undo: (() => void) | undefined };
let show: ((said: Said) => void) | undefined;
let begin: (() => void) | undefined;
const unseen: Said[] = [];

/** Says what was done, for 8 s, with a way back if there is one. Errors are never toasts: see `Strip`. */
export const toast = (done: string, undo?: () => void): void => {
  if (show) show({ done, undo });
  else {
    unseen.push({ done, undo });
    begin?.();
  }
};

/** For what shows toasts; it is given those said before it was there. */
const showToasts = (by: (said: Said) => void): void => {
  show = by;
  for (const said of unseen.splice(0)) by(said);
};

const Shown = lazy(() => import('./toasts.tsx'));
const SOON_MS = 3000;

/** Once, beside the console. Its code is not part of the first load: it comes soon after, or with the first toast. */
export const Toasts = () => {
  const [begun, setBegun] = useState(false);
  useEffect(() => {
    begin = () => setBegun(true);
    const soon = setTimeout(begin, SOON_MS);
    return () => clearTimeout(soon);
  }, []);
  return (
    begun && (
      <Suspense>
        <Shown ready={showToasts} />
      </Suspense>
    )
  );
};
