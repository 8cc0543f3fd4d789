import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { onSignedOut } from './api/client.ts';
import { meQuery } from './api/me.ts';
import { queryClient } from './api/query.ts';
import { screens } from './screens.ts';
import { parseSearch, stringifySearch } from './search-state.ts';
import { Failed, NotFound } from './shell/failed.tsx';
import { Bare, Shell } from './shell/shell.tsx';
import { setSignedOut } from './shell/signed-out.ts';
import { SkeletonRows } from './ui/layout.tsx';

const root = createRootRoute({ component: Outlet });
const inShell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell, notFoundComponent: NotFound });
const bare = createRoute({ getParentRoute: () => root, id: 'bare', component: Bare });

const routeOf = (parent: typeof inShell | typeof bare, screen: (typeof screens)[number]) =>
  createRoute({
    getParentRoute: () => parent,
    path: screen.path,
    component: lazyRouteComponent(screen.load),
    errorComponent: Failed,
    staticData: { title: screen.title, path: screen.path },
  });

const everywhereElse = createRoute({ getParentRoute: () => inShell, path: '$', component: NotFound });

const tree = root.addChildren([
  inShell.addChildren([...screens.filter((screen) => !screen.bare).map((screen) => routeOf(inShell, screen)), everywhereElse]),
  bare.addChildren(screens.filter((screen) => screen.bare).map((screen) => routeOf(bare, screen))),
]);

export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 200,
  defaultPendingComponent: SkeletonRows,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

// Whoever is signed out comes back to where she was. Whose session ends at work is asked above her page, which keeps what she typed.
onSignedOut(() => {
  const { pathname, searchStr } = router.state.location;
  if (pathname === '/sign-in') return;
  const atWork = router.state.matches.some((match) => match.routeId === '/shell');
  if (atWork && queryClient.getQueryData(meQuery.queryKey)) return setSignedOut(true);
  void router.navigate({ to: '/sign-in', search: { return: `${pathname}${searchStr}` } });
});

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    title?: string;
    path?: string;
  }
}
