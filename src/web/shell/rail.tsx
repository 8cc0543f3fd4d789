import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useLocation } from '@tanstack/react-router';
import { Ellipsis, PanelLeft } from 'lucide-react';
import { useState } from 'react';
import { useCan } from '../api/me.ts';
import { countsQuery } from '../features/incidents/queries.ts';
import { setupStateQuery } from '../features/setup/queries.ts';
import { type Screen, screens } from '../screens.ts';
import { setup } from '../text/setup.ts';
import { ui } from '../text/ui.ts';
import { number } from '../time.ts';
import { Tip } from '../ui/button.tsx';
import { Logo, MarkIcon } from '../ui/marks.tsx';
import { Dialog } from '../ui/overlay.tsx';

/** The screens of a menu that this person may see. */
export const useMenu = (): Screen[] => {
  const can = useCan();
  return screens.filter((screen) => screen.menu && (!screen.permission || can(screen.permission)));
};

export const isCurrent = (screen: Screen, pathname: string): boolean =>
  screen.path === '/' ? pathname === '/' : pathname === screen.path || pathname.startsWith(`${screen.path}/`);

const ITEM =
  'flex h-7.5 items-center gap-2.5 rounded px-2 text-fg-muted hover:bg-hover hover:text-fg aria-[current]:bg-selected aria-[current]:font-strong aria-[current]:text-fg';

/** How many incidents are open; of a slim rail only the mark of critical ones stays in sight. */
const Burning = ({ place, wordless }: { place: string; wordless: string }) => {
  const can = useCan();
  const counts = useQuery({ ...countsQuery, enabled: can('incident.read') }).data;
  if (!counts || counts.open === 0) return null;
  const critical = counts.severity.critical > 0;
  return (
    <span className={`inline-flex items-center gap-1 text-12 ${critical ? 's-critical state-fg' : ''} ${place}`}>
      {critical && <MarkIcon state="critical" size={11} />}
      <span className={wordless}>
        {number(counts.open)}
        <span className="vh"> {ui.open}</span>
      </span>
    </span>
  );
};

/** How far the set-up is, as the screens that asked for it know. */
const SetUp = () => {
  const state = useQuery({ ...setupStateQuery, enabled: false }).data;
  if (!state || state.ready) return null;
  return <span className="ml-auto text-12 text-fg-subtle">{setup.short(state.done, state.of)}</span>;
};

const Item = ({ screen, slim }: { screen: Screen; slim: boolean }) => {
  const current = isCurrent(screen, useLocation().pathname);
  const Icon = screen.icon;
  const link = (
    <RouterLink
      to={screen.path}
      search={{}}
      aria-current={current ? 'page' : undefined}
      className={`relative ${ITEM} ${slim ? 'w-8 justify-center px-0' : 'max-wide:w-8 max-wide:justify-center max-wide:px-0'}`}
    >
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" className={current ? 'text-accent-fg' : ''} />}
      <span className={slim ? 'vh' : 'max-wide:vh'}>{screen.title}</span>
      {screen.path === '/incidents' && (
        <Burning
          place={slim ? 'absolute -top-0.5 -right-0.5' : 'ml-auto max-wide:absolute max-wide:-top-0.5 max-wide:-right-0.5'}
          wordless={slim ? 'vh' : 'max-wide:vh'}
        />
      )}
      {screen.path === '/setup' && !slim && (
        <span className="contents max-wide:hidden">
          <SetUp />
        </span>
      )}
    </RouterLink>
  );
  return (
    <li>
      <Tip text={screen.title} shortcut={screen.jump ? `G ${screen.jump.toUpperCase()}` : undefined}>
        {link}
      </Tip>
    </li>
  );
};

export const Rail = ({ slim, onTurn }: { slim: boolean; onTurn: () => void }) => {
  const menu = useMenu();
  const part = (name: Screen['menu']) => menu.filter((screen) => screen.menu === name);
  const narrow = slim ? 'items-center' : 'max-wide:items-center';
  const label = slim ? ui.expand : ui.collapse;
  return (
    <nav
      aria-label={ui.main}
      className="row-span-2 flex flex-col overflow-y-auto border-r border-line bg-canvas p-2 max-desk:hidden"
    >
      <RouterLink
        to="/"
        search={{}}
        aria-label={ui.product}
        className={`mb-3 flex h-7 items-center gap-2 rounded px-2 text-14 font-title ${slim ? 'justify-center px-0' : 'max-wide:justify-center max-wide:px-0'}`}
      >
        <Logo />
        <span className={slim ? 'hidden' : 'max-wide:hidden'}>{ui.product}</span>
      </RouterLink>
      <ul className={`flex flex-col gap-px ${narrow}`}>
        {part('main').map((screen) => (
          <Item key={screen.path} screen={screen} slim={slim} />
        ))}
      </ul>
      {part('setup').length > 0 && (
        <ul className={`mt-3 flex flex-col gap-px border-t border-line pt-3 ${narrow}`}>
          {part('setup').map((screen) => (
            <Item key={screen.path} screen={screen} slim={slim} />
          ))}
        </ul>
      )}
      <ul className={`mt-auto flex flex-col gap-px pt-3 ${narrow}`}>
        {part('foot').map((screen) => (
          <Item key={screen.path} screen={screen} slim={slim} />
        ))}
        <li className="max-wide:hidden">
          <Tip text={label} shortcut="[">
            <button
              type="button"
              onClick={onTurn}
              aria-label={label}
              className={`${ITEM} w-full ${slim ? 'w-8! justify-center px-0' : ''}`}
            >
              <PanelLeft size={16} strokeWidth={1.75} aria-hidden="true" />
              <span className={slim ? 'hidden' : ''}>{ui.collapse}</span>
            </button>
          </Tip>
        </li>
      </ul>
    </nav>
  );
};

const TAB =
  'relative flex h-(--tabbar) flex-col items-center justify-center gap-0.5 text-12 text-fg-muted outline-offset-[-2px] aria-[current]:font-strong aria-[current]:text-accent-fg';

/** Below 720 px: the four screens of the night, and the others under More. */
export const Tabs = () => {
  const menu = useMenu();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const tabs = menu.filter((screen) => screen.tab);
  const others = menu.filter((screen) => !screen.tab);
  return (
    <nav
      aria-label={ui.main}
      className="grid auto-cols-fr grid-flow-col border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] desk:hidden"
    >
      {tabs.map((screen) => (
        <RouterLink
          key={screen.path}
          to={screen.path}
          search={{}}
          aria-current={isCurrent(screen, pathname) ? 'page' : undefined}
          className={TAB}
        >
          {screen.icon && <screen.icon size={18} strokeWidth={1.75} aria-hidden="true" />}
          {screen.title}
          {screen.path === '/incidents' && <Burning place="absolute top-1.5 left-1/2 ml-1.5" wordless="vh" />}
        </RouterLink>
      ))}
      {others.length > 0 && (
        <button
          type="button"
          onClick={() => setOpen(true)}
          aria-current={others.some((screen) => isCurrent(screen, pathname)) ? 'page' : undefined}
          className={TAB}
        >
          <Ellipsis size={18} strokeWidth={1.75} aria-hidden="true" />
          {ui.more}
        </button>
      )}
      <Dialog open={open} onClose={() => setOpen(false)} title={ui.more}>
        <ul className="flex flex-col">
          {others.map((screen) => (
            <li key={screen.path}>
              <RouterLink
                to={screen.path}
                search={{}}
                onClick={() => setOpen(false)}
                aria-current={isCurrent(screen, pathname) ? 'page' : undefined}
                className={`${ITEM} h-12! gap-3!`}
              >
                {screen.icon && <screen.icon size={18} strokeWidth={1.75} aria-hidden="true" />}
                {screen.title}
              </RouterLink>
            </li>
          ))}
        </ul>
      </Dialog>
    </nav>
  );
};
