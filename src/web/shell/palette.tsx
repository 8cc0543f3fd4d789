import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { BellRing, Search } from 'lucide-react';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { api, ok } from '../api/client.ts';
import { useCan } from '../api/me.ts';
import { exists, screens } from '../screens.ts';
import { ui } from '../text/ui.ts';
import { Key } from '../ui/key.tsx';
import { commandsHere } from './commands.ts';

type Entry = {
  id: string;
  label: string;
  note?: string | undefined;
  icon?: ReactNode;
  shortcut?: string | undefined;
  run: () => void;
};
type Group = { value: string; items: Entry[] };

/** Actions of the page, screens, and whatever has a name: found by typing. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const groups = useGroups(useDeferredValue(typed.trim()));
  const run = (entry: Entry) => {
    onClose();
    entry.run();
  };
  return (
    <Dialog.Root open onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade fixed inset-0 z-40 bg-fg/25" />
        <Dialog.Popup className="fade fixed top-[10vh] left-1/2 z-40 flex max-h-[70vh] w-[calc(100vw-24px)] max-w-140 -translate-x-1/2 flex-col rounded border border-line-strong bg-raised shadow-overlay outline-none">
          <Dialog.Title className="vh">{ui.palette.title}</Dialog.Title>
          <Autocomplete.Root
            open
            inline
            items={groups}
            value={typed}
            onValueChange={(next, details) => details.reason !== 'item-press' && setTyped(next)}
            mode="none"
            autoHighlight="always"
            itemToStringValue={(entry: Entry) => entry.label}
          >
            <div className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-3">
              <Search size={15} aria-hidden="true" className="text-fg-subtle" />
              <Autocomplete.Input aria-label={ui.search} placeholder={ui.search} className="h-full flex-1 outline-none" />
              <Key>Esc</Key>
            </div>
            <Autocomplete.Empty className="px-3 text-fg-muted not-empty:py-4">{ui.palette.nothing(typed)}</Autocomplete.Empty>
            <Autocomplete.List className="overflow-auto p-1 empty:p-0">
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="px-2 pt-2 pb-1 text-12 text-fg-subtle">
                    {group.value}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(entry: Entry) => (
                      <Autocomplete.Item
                        key={entry.id}
                        value={entry}
                        onClick={() => run(entry)}
                        className="flex min-h-7.5 cursor-default items-center gap-2 rounded-sm px-2 data-highlighted:bg-selected max-desk:min-h-11"
                      >
                        <span className="grid w-4 place-items-center text-fg-subtle">{entry.icon}</span>
                        <span className="truncate">{entry.label}</span>
                        <span className="ml-auto flex gap-2 pl-3 text-12 text-fg-subtle">
                          {entry.note}
                          {entry.shortcut && <Key>{entry.shortcut}</Key>}
                        </span>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const matches = (typed: string, ...words: (string | undefined)[]): boolean =>
  typed
    .toLowerCase()
    .split(/\s+/)
    .every((part) => words.some((word) => word?.toLowerCase().includes(part)));

const useGroups = (typed: string): Group[] => {
  const navigate = useNavigate();
  const can = useCan();
  const search = typed.length >= 2;
  const configuration = search && can('configuration.read');
  const services = useQuery({
    queryKey: ['services', 'all'],
    queryFn: () => ok(api.GET('/api/services', {})),
    enabled: configuration,
  });
  const people = useQuery({ queryKey: ['people', 'all'], queryFn: () => ok(api.GET('/api/people', {})), enabled: configuration });
  const schedules = useQuery({
    queryKey: ['schedules', 'all'],
    queryFn: () => ok(api.GET('/api/schedules', {})),
    enabled: configuration,
  });
  const incidents = useQuery({
    queryKey: ['incidents', 'palette', typed],
    queryFn: () => ok(api.GET('/api/incidents', { params: { query: { q: typed, limit: 6 } as never } })),
    enabled: search && can('incident.read'),
    placeholderData: (before) => before,
  });
  const named = (path: string, note: string, list: { name: string; display_name?: string | undefined }[] | undefined): Entry[] =>
    exists(`${path}/$name`)
      ? (list ?? [])
          .filter((one) => matches(typed, one.name, one.display_name))
          .slice(0, 5)
          .map((one) => ({
            id: `${path}/${one.name}`,
            label: one.display_name ?? one.name,
            note,
            run: () => void navigate({ to: `${path}/${one.name}` }),
          }))
      : [];
  const groups: Group[] = [
    {
      value: ui.palette.here,
      items: commandsHere()
        .filter((command) => matches(typed, command.label))
        .map((command) => ({ id: `here ${command.label}`, ...command })),
    },
    {
      value: ui.palette.incidents,
      items:
        search && exists('/incidents/$id')
          ? (incidents.data?.items ?? []).map((one) => ({
              id: one.id,
              label: one.title,
              note: one.number,
              run: () => void navigate({ to: `/incidents/${one.number}` }),
            }))
          : [],
    },
    {
      value: ui.palette.go,
      items: screens
        .filter((screen) => screen.menu && (!screen.permission || can(screen.permission)) && matches(typed, screen.title))
        .map((screen) => ({
          id: screen.path,
          label: screen.title,
          icon: screen.icon && <screen.icon size={14} aria-hidden="true" />,
          shortcut: screen.jump && `G ${screen.jump.toUpperCase()}`,
          run: () => void navigate({ to: screen.path }),
        })),
    },
    ...(search && can('incident.create') && exists('/incidents')
      ? [
          {
            value: ui.palette.page,
            items: (people.data?.items ?? [])
              .filter((one) => one.active && matches(typed.replace(/^page\s+/i, ''), one.name, one.display_name))
              .slice(0, 3)
              .map((one) => ({
                id: `page ${one.name}`,
                label: ui.palette.pageOne(one.display_name),
                icon: <BellRing size={14} aria-hidden="true" />,
                run: () => void navigate({ to: '/incidents', search: { declare: 'yes', page: one.name } }),
              })),
          },
        ]
      : []),
    ...(search
      ? [
          { value: ui.palette.services, items: named('/services', ui.palette.service, services.data?.items as never) },
          { value: ui.palette.people, items: named('/people', ui.palette.person, people.data?.items as never) },
          { value: ui.palette.schedules, items: named('/schedules', ui.palette.schedule, schedules.data?.items as never) },
        ]
      : []),
  ];
  return groups.filter((group) => group.items.length > 0);
};
