import { Outlet, useMatches, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { startLive, tryNow, useLink } from '../api/live.ts';
import { useMe } from '../api/me.ts';
import { useSlow } from '../api/waiting.ts';
import { screens } from '../screens.ts';
import { ui } from '../text/ui.ts';
import { duration, setLocale, useNow } from '../time.ts';
import { later, useMissing } from '../ui/later.tsx';
import { Strip } from '../ui/layout.tsx';
import { Logo } from '../ui/marks.tsx';
import { useSlimRail } from './preferences.ts';
import { Rail, Tabs } from './rail.tsx';
import { listenForShortcuts, useShortcuts } from './shortcuts.ts';
import { useSignedOut } from './signed-out.ts';
import { TopBar } from './top-bar.tsx';

const Palette = later(() => import('./palette.tsx').then((module) => module.default));
const Help = later(() => import('./help.tsx').then((module) => module.default));
const SignInAgain = later(() => import('../features/sign-in/sign-in-again.tsx').then((module) => module.default));

/** Everything around a screen: rail, bar, tabs, palette, help, and what is said about the link to the server. */
export const Shell = () => {
  const [open, setOpen] = useState<'palette' | 'help'>();
  const [slim, turnRail] = useSlimRail();
  const navigate = useNavigate();
  const signedOut = useSignedOut();
  const me = useMe();
  setLocale(me?.person?.locale);
  useEffect(startLive, []);
  useEffect(listenForShortcuts, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setOpen((now) => (now === 'palette' ? undefined : 'palette'));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useShortcuts([
    { key: '?', label: ui.help.this, run: () => setOpen('help') },
    { key: '[', label: ui.help.rail, run: turnRail },
    ...screens.flatMap((screen) =>
      screen.jump ? [{ key: `g ${screen.jump}`, label: screen.title, run: () => void navigate({ to: screen.path }) }] : [],
    ),
  ]);
  return (
    <div
      data-rail={slim ? 'slim' : 'wide'}
      className={`grid h-full grid-cols-1 grid-rows-[var(--topbar)_minmax(0,1fr)_auto] desk:grid-rows-[var(--topbar)_minmax(0,1fr)] ${slim ? 'desk:grid-cols-[var(--rail-slim)_minmax(0,1fr)]' : 'desk:grid-cols-[var(--rail-slim)_minmax(0,1fr)] wide:grid-cols-[var(--rail)_minmax(0,1fr)]'}`}
    >
      <a
        href="#content"
        className="fixed top-1 left-1 z-50 -translate-y-20 rounded bg-accent px-3 py-1.5 text-on-accent focus-visible:translate-y-0"
      >
        {ui.skip}
      </a>
      <Rail slim={slim} onTurn={turnRail} />
      <TopBar onPalette={() => setOpen('palette')} onHelp={() => setOpen('help')} />
      <main id="content" tabIndex={-1} className="relative flex min-w-0 flex-col overflow-y-auto bg-surface">
        <LinkStrip />
        <Outlet />
      </main>
      <Tabs />
      <Arrival />
      {open === 'palette' && <Palette onClose={() => setOpen(undefined)} />}
      {signedOut && <SignInAgain />}
      {open === 'help' && <Help onClose={() => setOpen(undefined)} />}
    </div>
  );
};

/** For whoever is not signed in yet: the screen alone, in the middle. */
export const Bare = () => (
  <main id="content" tabIndex={-1} className="flex min-h-full flex-col items-center bg-surface px-4 pt-[12vh] pb-8">
    <div className="flex w-full max-w-90 flex-col gap-5">
      <span className="flex items-center gap-2 text-16 font-title">
        <Logo size={22} />
        {ui.product}
      </span>
      <Outlet />
    </div>
    <Arrival />
  </main>
);

/** Names the page in the tab and aloud, and moves the focus to its heading, after each change of page but the first. */
const Arrival = () => {
  const path = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '' });
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title }) ?? ui.notFound.title;
  const [said, setSaid] = useState('');
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} · ${ui.product}`;
    if (first.current) {
      first.current = false;
      return;
    }
    setSaid(title);
    const frame = requestAnimationFrame(() => {
      const heading = document.querySelector<HTMLElement>('[data-page-title]');
      (heading ?? document.getElementById('content'))?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [path, title]);
  return (
    <div aria-live="polite" className="vh">
      {said}
    </div>
  );
};

/** A page with a name of its own, such as an incident's, says it in the tab of the browser. */
export const useTitle = (title: string | undefined): void => {
  useEffect(() => {
    if (title) document.title = `${title} · ${ui.product}`;
  }, [title]);
};

const LinkStrip = () => {
  const { state, heardAt } = useLink();
  const time = useNow(1000);
  const slow = useSlow();
  const missing = useMissing();
  if (missing && state === 'live')
    return (
      <Strip
        state="medium"
        action={
          <button
            type="button"
            onClick={() => location.reload()}
            className="min-h-6 text-accent-fg underline-offset-2 hover:underline"
          >
            {ui.reload}
          </button>
        }
      >
        {ui.partMissing}
      </Strip>
    );
  if (!slow && (state === 'live' || state === 'connecting')) return null;
  return (
    <Strip
      state={state === 'offline' ? 'medium' : 'unknown'}
      action={
        <button type="button" onClick={tryNow} className="min-h-6 text-accent-fg underline-offset-2 hover:underline">
          {ui.tryNow}
        </button>
      }
    >
      {state === 'offline'
        ? ui.offline
        : state === 'unreached'
          ? ui.unreached
          : state === 'stale'
            ? ui.stale(duration(time - heardAt))
            : ui.slow}
    </Strip>
  );
};
