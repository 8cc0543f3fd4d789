import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Popover as BasePopover } from '@base-ui/react/popover';
import { Check, X } from 'lucide-react';
import { type ReactElement, type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from 'react';
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
type Said = { id: number; done: string; undo: (() => void) | undefined };
const TOAST_MS = 8000;
const TOASTS = 3;
let said: Said[] = [];
let last = 0;
const watchers = new Set<() => void>();
const say = (next: Said[]): void => {
  said = next;
  for (const tell of watchers) tell();
};
const drop = (id: number): void => say(said.filter((one) => one.id !== id));

/** Says what was done, for 8 s, with a way back if there is one. Errors are never toasts: see `Strip`. */
export const toast = (done: string, undo?: () => void): void => {
  last += 1;
  say([...said, { id: last, done, undo }].slice(-TOASTS));
};

/** Stays while it has the pointer or the focus. */
const Toast = ({ one }: { one: Said }) => {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const over = setTimeout(() => drop(one.id), TOAST_MS);
    return () => clearTimeout(over);
  }, [held, one.id]);
  return (
    <li
      data-toast=""
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="fade flex min-h-9 items-center gap-2 rounded bg-inverse px-3 text-on-inverse shadow-overlay max-desk:min-h-12"
    >
      <Check size={14} aria-hidden="true" />
      <span className="min-w-0 wrap-break-word">{one.done}</span>
      {one.undo && (
        <button
          type="button"
          onClick={() => {
            drop(one.id);
            one.undo?.();
          }}
          className="min-h-6 cursor-pointer pl-2 font-strong underline underline-offset-2 outline-offset-2 focus-visible:outline-on-inverse"
        >
          {ui.undo}
        </button>
      )}
    </li>
  );
};

/** Once, beside the console: what `toast` says, read aloud. F6 goes to the newest way back. */
export const Toasts = () => {
  const shown = useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => said,
  );
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const back = [...(list.current?.querySelectorAll('button') ?? [])].at(-1);
      if (event.key !== 'F6' || !back) return;
      event.preventDefault();
      back.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <section aria-label={ui.done} aria-live="polite">
      <ul
        ref={list}
        className="fixed bottom-4 left-1/2 z-50 flex -translate-x-1/2 flex-col gap-2 max-desk:bottom-36 max-desk:w-[calc(100vw-32px)]"
      >
        {shown.map((one) => (
          <Toast key={one.id} one={one} />
        ))}
      </ul>
    </section>
  );
};
