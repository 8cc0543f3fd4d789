import { QueryClient } from '@tanstack/react-query';
import { retryRead } from './client.ts';

/** Server state. It is current until the live stream says otherwise (live.ts); keys begin with the noun: `['incidents', …]`. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      retry: retryRead,
      retryDelay: (n) => Math.min(500 * 2 ** n, 5000),
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    // Never held back while offline: what cannot be sent fails at once and says so.
    mutations: { retry: false, networkMode: 'always' },
  },
});
