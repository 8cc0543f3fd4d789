import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, CircleHelp, PhoneCall, Search, UserRound } from 'lucide-react';
import { useEffect, useState } from 'react';
import { signOut } from '../api/auth.ts';
import { useCan, useMe } from '../api/me.ts';
import { onCallQuery } from '../features/home/queries.ts';
import { peopleQuery } from '../features/incidents/queries.ts';
import { exists } from '../screens.ts';
import { ui } from '../text/ui.ts';
import { IconButton } from '../ui/button.tsx';
import { Key } from '../ui/key.tsx';
import { later } from '../ui/later.tsx';
import { Initials, Person } from '../ui/text.tsx';
import { useTheme } from './preferences.ts';
import { isCurrent, useMenu } from './rail.tsx';
import { useSingleKeys } from './shortcuts.ts';

const Menu = later(() => import('../ui/menu.tsx').then((module) => module.Menu));
const SOON_MS = 3000;

/** Where you are, the palette, my menu. Never hidden by scroll. */
export const TopBar = ({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }) => (
  <header className="flex min-w-0 items-center gap-3 border-b border-line bg-canvas px-4 max-desk:px-2 max-desk:pl-4">
    <Crumbs />
    <div className="flex-1" />
    <button
      type="button"
      onClick={onPalette}
      aria-keyshortcuts="Control+K Meta+K"
      className="flex h-7 w-70 items-center gap-2 rounded border border-line-strong bg-surface pr-1.5 pl-2 text-fg-subtle hover:bg-hover max-split:w-45 max-desk:hidden"
    >
      <Search size={14} aria-hidden="true" />
      <span className="flex-1 truncate text-left">{ui.search}</span>
      <Key>Ctrl K</Key>
    </button>
    <span className="desk:hidden">
      <IconButton label={ui.searchShort} look="quiet" onClick={onPalette}>
        <Search size={18} aria-hidden="true" />
      </IconButton>
    </span>
    <OnCallNow />
    <MyMenu onHelp={onHelp} />
  </header>
);

/** Who is asked first now: on a schedule of mine if I am on one, else on the first. */
const OnCallNow = () => {
  const can = useCan();
  const me = useMe()?.person?.name;
  const rows = useQuery({ ...onCallQuery, enabled: can('incident.read') }).data?.items.filter((row) => !row.shadow) ?? [];
  const people = useQuery({ ...peopleQuery, enabled: can('configuration.read') }).data?.items ?? [];
  const schedule = (rows.find((row) => row.person === me) ?? rows[0])?.schedule;
  const first = rows.find((row) => row.schedule === schedule && row.role === 'primary');
  if (!first) return null;
  const content = (
    <>
      <PhoneCall size={14} aria-hidden="true" className="text-fg-subtle" />
      <span className="vh">{ui.onCallNow}</span>
      <span className="max-w-40 truncate text-fg-muted">{first.schedule}</span>
      <Person name={people.find((one) => one.name === first.person)?.display_name ?? first.person} />
    </>
  );
  return (
    <span className="inline-flex items-center border-r border-line-strong pr-3 max-split:hidden">
      {exists('/schedules/$name') ? (
        <RouterLink
          to={`/schedules/${first.schedule}`}
          search={{}}
          className="flex h-7 items-center gap-2 rounded px-2 hover:bg-hover"
        >
          {content}
        </RouterLink>
      ) : (
        <span className="flex h-7 items-center gap-2 px-2">{content}</span>
      )}
    </span>
  );
};

/** "On call, primary" while I am. */
const MyTurn = ({ me }: { me: string }) => {
  const mine = useQuery(onCallQuery).data?.items.filter((row) => row.person === me && !row.shadow) ?? [];
  if (mine.length === 0) return null;
  const roles = ['primary', 'secondary', 'tertiary'].filter((role) => mine.some((row) => row.role === role));
  return <span className="text-fg-muted max-split:hidden">{ui.onCall(roles.join(', '))}</span>;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const Crumbs = () => {
  const { pathname } = useLocation();
  const title = useMatches({ select: (matches) => matches.at(-1)?.staticData.title });
  const parameters = useMatches({ select: (matches) => matches.at(-1)?.params as Record<string, string> | undefined });
  const menu = useMenu();
  const parent = menu.find((screen) => isCurrent(screen, pathname));
  const id = parameters?.id;
  // An incident has a number; what has only an id of ours is called by what it is.
  const named = id && !UUID.test(id) ? id : parameters?.name;
  const here = parent && parent.path !== pathname ? (named ?? title) : title;
  return (
    <nav aria-label={ui.where} className="flex min-w-0 items-center gap-1.5 whitespace-nowrap">
      {parent && parent.path !== pathname && (
        <>
          <RouterLink
            to={parent.path}
            search={{}}
            className="rounded-sm text-fg-subtle hover:text-fg max-desk:flex max-desk:min-h-11 max-desk:items-center"
          >
            {parent.title}
          </RouterLink>
          <ChevronRight size={13} aria-hidden="true" className="text-fg-subtle" />
        </>
      )}
      <span aria-current="page" className="truncate font-strong">
        {here}
      </span>
    </nav>
  );
};

const MyMenu = ({ onHelp }: { onHelp: () => void }) => {
  const me = useMe();
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const [keys, setKeys] = useSingleKeys();
  const name = me?.person?.display_name;
  // What a menu needs is not part of the first load: it comes soon after, or when the menu is asked for.
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const soon = setTimeout(Menu.soon, SOON_MS);
    return () => clearTimeout(soon);
  }, []);
  const trigger = (onClick?: () => void) => (
    <button
      type="button"
      aria-haspopup="menu"
      onClick={onClick}
      className="flex h-7 items-center gap-1.5 rounded px-2 hover:bg-hover max-desk:h-11 max-desk:min-w-11 max-desk:justify-center"
    >
      <span className="vh">{ui.menu}</span>
      {name ? <Initials name={name} /> : <UserRound size={16} aria-hidden="true" />}
      {name && <span className="max-desk:hidden">{name}</span>}
      {me?.person && <MyTurn me={me.person.name} />}
      <ChevronDown size={13} aria-hidden="true" className="text-fg-subtle max-desk:hidden" />
    </button>
  );
  const ask = trigger(() => setAsked((times) => times + 1));
  if (asked === 0) return ask;
  return (
    <Menu
      key={asked}
      meanwhile={ask}
      startOpen
      trigger={trigger()}
      entries={[
        ...(exists('/me') ? [{ label: ui.me, onSelect: () => void navigate({ to: '/me' }) }, 'line' as const] : []),
        { heading: ui.theme.title },
        ...(['system', 'light', 'dark'] as const).map((one) => ({
          label: ui.theme[one],
          checked: theme === one,
          onSelect: () => setTheme(one),
        })),
        'line' as const,
        { label: ui.singleKeys, checked: keys, onSelect: () => setKeys(!keys) },
        { label: ui.help.title, icon: <CircleHelp size={14} aria-hidden="true" />, shortcut: '?', onSelect: onHelp },
        ...(exists('/sign-in')
          ? ['line' as const, { label: ui.signOut, onSelect: () => void signOut().then(() => navigate({ to: '/sign-in' })) }]
          : []),
      ]}
    />
  );
};
