import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Popover as BasePopover } from '@base-ui/react/popover';
import { Toast as BaseToast } from '@base-ui/react/toast';
import { Check, X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { ui } from '../text/ui.ts';
import { buttonClass } from './button.tsx';
import { Key } from './key.tsx';

const FLOAT = 'rounded border border-line-strong bg-raised shadow-overlay outline-none';

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
}: {
  trigger: ReactElement;
  entries: MenuEntry[];
  align?: 'start' | 'end';
}) => (
  <BaseMenu.Root>
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

const toasts = BaseToast.createToastManager();

/** Says what was done, for 8 s, with a way back if there is one. Errors are never toasts: see `Strip`. */
export const toast = (done: string, undo?: () => void): void => {
  const id = toasts.add({
    title: done,
    timeout: 8000,
    ...(undo
      ? {
          actionProps: {
            children: ui.undo,
            onClick: () => {
              toasts.close(id);
              undo();
            },
          },
        }
      : {}),
  });
};

const ToastList = () => {
  const { toasts: shown } = BaseToast.useToastManager();
  return shown.map((one) => (
    <BaseToast.Root
      key={one.id}
      toast={one}
      data-toast=""
      swipeDirection={['down', 'right']}
      className="fade flex min-h-9 items-center gap-2 rounded bg-inverse px-3 text-on-inverse shadow-overlay max-desk:min-h-12"
    >
      <BaseToast.Content className="flex items-center gap-2">
        <Check size={14} aria-hidden="true" />
        <BaseToast.Title className="text-body font-text" render={<p />} />
        <BaseToast.Action className="min-h-6 cursor-pointer pl-2 font-strong underline underline-offset-2 outline-offset-2 focus-visible:outline-on-inverse" />
      </BaseToast.Content>
    </BaseToast.Root>
  ));
};

/** Once, around the console. */
export const Toasts = ({ children }: { children: ReactNode }) => (
  <BaseToast.Provider toastManager={toasts} timeout={8000} limit={3}>
    {children}
    <BaseToast.Portal>
      <BaseToast.Viewport className="fixed bottom-4 left-1/2 z-50 flex -translate-x-1/2 flex-col gap-2 max-desk:bottom-36 max-desk:w-[calc(100vw-32px)]">
        <ToastList />
      </BaseToast.Viewport>
    </BaseToast.Portal>
  </BaseToast.Provider>
);
