import { useSyncExternalStore } from 'react';

const phone = typeof matchMedia === 'undefined' ? undefined : matchMedia('(max-width: 719.98px)');

/** Whether it is drawn for a phone: for what differs by more than classes can say. */
export const usePhone = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      phone?.addEventListener('change', tell);
      return () => phone?.removeEventListener('change', tell);
    },
    () => phone?.matches ?? false,
  );
