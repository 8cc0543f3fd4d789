import { Toast as BaseToast } from '@base-ui/react/toast';
import { Check } from 'lucide-react';
import { useEffect } from 'react';
import { ui } from '../text/ui.ts';

const TIMEOUT_MS = 8000;
const toasts = BaseToast.createToastManager();

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

type Said = { done: string; undo: (() => void) | undefined };

/** Shows what `toast` says; told to `ready`, since what says it loads this late and knows it by no import. */
const ToastRegion = ({ ready }: { ready: (show: (said: Said) => void) => void }) => {
  useEffect(
    () =>
      ready(({ done, undo }) => {
        const id = toasts.add({
          title: done,
          timeout: TIMEOUT_MS,
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
      }),
    [ready],
  );
  return (
    <BaseToast.Provider toastManager={toasts} timeout={TIMEOUT_MS} limit={3}>
      <BaseToast.Portal>
        <BaseToast.Viewport className="fixed bottom-4 left-1/2 z-50 flex -translate-x-1/2 flex-col gap-2 max-desk:bottom-36 max-desk:w-[calc(100vw-32px)]">
          <ToastList />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
};

export default ToastRegion;
