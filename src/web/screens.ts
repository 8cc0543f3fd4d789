import {
  Bell,
  BellOff,
  BellRing,
  Boxes,
  CalendarClock,
  ChartNoAxesGantt,
  Coins,
  FlaskConical,
  House,
  ListChecks,
  type LucideIcon,
  PhoneCall,
  Radio,
  Route,
  Settings,
  Siren,
  UserRound,
  Users,
} from 'lucide-react';
import type { ComponentType } from 'react';
import { screens as names } from './text/screens.ts';

export type Screen = {
  /** TanStack form: `/incidents/$id`. */
  path: string;
  /** File in pages/, without `.tsx`; its default export is the screen. A screen without its file does not exist yet and is nowhere. */
  page: string;
  title: string;
  /** In the rail and the palette, under this heading. Absent: reached from other screens. */
  menu?: 'main' | 'setup' | 'foot';
  icon?: LucideIcon;
  /** `i`: `g i` goes there. */
  jump?: string;
  /** Which one someone needs to see it. */
  permission?: string;
  /** One of the four tabs at the foot of a phone. */
  tab?: boolean;
  /** Without rail and bar, for whoever is not signed in. */
  bare?: boolean;
};

const all: Screen[] = [
  { path: '/', page: 'home', title: names.home, menu: 'main', icon: House, jump: 'h', tab: true },
  {
    path: '/incidents',
    page: 'incidents',
    title: names.incidents,
    menu: 'main',
    icon: Siren,
    jump: 'i',
    tab: true,
    permission: 'incident.read',
  },
  { path: '/incidents/$id', page: 'incident', title: names.incident, permission: 'incident.read' },
  {
    path: '/alerts',
    page: 'alerts',
    title: names.alerts,
    menu: 'main',
    icon: Radio,
    jump: 'a',
    tab: true,
    permission: 'alert.read',
  },
  { path: '/alerts/$id', page: 'alert', title: names.alert, permission: 'alert.read' },
  {
    path: '/schedules',
    page: 'schedules',
    title: names.schedules,
    menu: 'main',
    icon: CalendarClock,
    jump: 's',
    tab: true,
    permission: 'configuration.read',
  },
  {
    path: '/on-call',
    page: 'on-call',
    title: names.onCall,
    menu: 'main',
    icon: PhoneCall,
    jump: 'o',
    permission: 'incident.read',
  },
  { path: '/schedules/new', page: 'new-schedule', title: names.newSchedule, permission: 'schedule.write' },
  { path: '/cover/new', page: 'new-cover', title: names.newCover, permission: 'override.write' },
  { path: '/cover/$id', page: 'cover', title: names.cover, permission: 'configuration.read' },
  { path: '/handoffs/$id', page: 'handoff', title: names.handoff, permission: 'configuration.read' },
  { path: '/schedules/$name/rota', page: 'rota', title: names.rota, permission: 'configuration.read' },
  { path: '/schedules/$name/history', page: 'schedule-history', title: names.history, permission: 'configuration.read' },
  { path: '/schedules/$name', page: 'schedule', title: names.schedule, permission: 'configuration.read' },
  {
    path: '/escalation',
    page: 'escalation',
    title: names.escalation,
    menu: 'main',
    icon: ChartNoAxesGantt,
    jump: 'e',
    permission: 'configuration.read',
  },
  { path: '/escalation/$name/history', page: 'policy-history', title: names.history, permission: 'configuration.read' },
  { path: '/escalation/$name', page: 'policy', title: names.policy, permission: 'configuration.read' },
  {
    path: '/services',
    page: 'services',
    title: names.services,
    menu: 'main',
    icon: Boxes,
    jump: 'v',
    permission: 'configuration.read',
  },
  { path: '/services/$name', page: 'service', title: names.service, permission: 'configuration.read' },
  { path: '/integrations/$name', page: 'integration', title: names.integration, permission: 'configuration.read' },
  {
    path: '/silences',
    page: 'silences',
    title: names.silences,
    menu: 'main',
    icon: BellOff,
    jump: 'l',
    permission: 'configuration.read',
  },
  { path: '/silences/new', page: 'new-silence', title: names.newSilence, permission: 'silence.write' },
  {
    path: '/routing',
    page: 'routing',
    title: names.routing,
    menu: 'setup',
    icon: Route,
    jump: 'r',
    permission: 'configuration.read',
  },
  {
    path: '/people',
    page: 'people',
    title: names.people,
    menu: 'setup',
    icon: UserRound,
    jump: 'p',
    permission: 'configuration.read',
  },
  { path: '/people/$name', page: 'person', title: names.person, permission: 'configuration.read' },
  { path: '/teams', page: 'teams', title: names.teams, menu: 'setup', icon: Users, jump: 't', permission: 'configuration.read' },
  { path: '/teams/$name', page: 'team', title: names.team, permission: 'configuration.read' },
  {
    path: '/compensation',
    page: 'compensation',
    title: names.compensation,
    menu: 'setup',
    icon: Coins,
    permission: 'configuration.read',
  },
  {
    path: '/readiness',
    page: 'readiness',
    title: names.readiness,
    menu: 'setup',
    icon: BellRing,
    jump: 'y',
    permission: 'configuration.read',
  },
  { path: '/simulate', page: 'simulate', title: names.simulate, menu: 'setup', icon: FlaskConical, permission: 'simulate' },
  { path: '/why/$kind/$id', page: 'why', title: names.why, permission: 'incident.read' },
  { path: '/setup', page: 'setup', title: names.setup, menu: 'foot', icon: ListChecks, jump: 'u', permission: 'settings.write' },
  { path: '/me', page: 'me', title: names.me, menu: 'foot', icon: Bell, jump: 'm' },
  {
    path: '/settings',
    page: 'settings',
    title: names.settings,
    menu: 'foot',
    icon: Settings,
    jump: ',',
    // Whoever reads the audit log finds it there; the other parts are shown to whoever may change them.
    permission: 'journal.read',
  },
  { path: '/settings/channels', page: 'settings', title: names.settingsPart.channels, permission: 'settings.write' },
  { path: '/settings/delivery', page: 'settings', title: names.settingsPart.delivery, permission: 'settings.write' },
  { path: '/settings/wording', page: 'settings', title: names.settingsPart.wording, permission: 'settings.write' },
  { path: '/settings/health', page: 'settings', title: names.settingsPart.health, permission: 'settings.write' },
  {
    path: '/settings/compensation',
    page: 'settings',
    title: names.settingsPart.compensation,
    permission: 'settings.write',
  },
  { path: '/settings/sign-on', page: 'settings', title: names.settingsPart['sign-on'], permission: 'settings.write' },
  { path: '/settings/keys', page: 'settings', title: names.settingsPart.keys, permission: 'tokens.write' },
  { path: '/settings/scheme', page: 'settings', title: names.settingsPart.scheme, permission: 'configuration.read' },
  { path: '/settings/audit', page: 'settings', title: names.settingsPart.audit, permission: 'journal.read' },
  { path: '/settings/process', page: 'settings', title: names.settingsPart.process, permission: 'process.apply' },
  { path: '/settings/backup', page: 'settings', title: names.settingsPart.backup, permission: 'backup' },
  { path: '/sign-in', page: 'sign-in', title: names.signIn, bare: true },
  { path: '/join/$token', page: 'join', title: names.invitation, bare: true },
  { path: '/forgot-password', page: 'forgot-password', title: names.forgot, bare: true },
  { path: '/first-run', page: 'first-run', title: names.firstRun, bare: true },
];

type Page = { default: ComponentType };
const pages = import.meta.glob<Page>('./pages/*.tsx');

/** The screens that exist: each with what loads it. The rail, the palette, the jumps and the router read this and nothing else. */
export const screens: (Screen & { load: () => Promise<Page> })[] = all.flatMap((screen) => {
  const load = pages[`./pages/${screen.page}.tsx`];
  return load ? [{ ...screen, load }] : [];
});

/** Whether an address has a screen, so that nothing links to where nothing is. */
export const exists = (path: string): boolean => screens.some((screen) => screen.path === path);
