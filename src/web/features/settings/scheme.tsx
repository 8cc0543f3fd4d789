import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Pencil, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { usualRoles } from '../../text/scheme-presets.ts';
import { settings } from '../../text/settings.ts';
import { setup } from '../../text/setup.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Empty, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { PresetChooser } from '../setup/preset-chooser.tsx';
import { type Level, type Role, rolesQuery, severitiesQuery } from './queries.ts';
import { LevelDialog, RoleDialog } from './scheme-dialogs.tsx';
import { listOf, moved } from './scheme-edit.ts';

const t = settings.scheme;

/** What each severity asks for and who does what in an incident: in order, changed together, saved as one. */
export const Scheme = () => {
  const levels = useQuery(severitiesQuery);
  const roles = useQuery(rolesQuery);
  const failed = levels.error ?? roles.error;
  if (!levels.data || !roles.data) return failed ? <ProblemStrip error={failed} /> : <SkeletonRows />;
  return (
    <>
      <Levels current={levels.data} />
      <Roles current={roles.data} />
      <p className="px-(--pad) py-4 text-meta text-fg-subtle">{t.also}</p>
    </>
  );
};

const Levels = ({ current }: { current: Tagged<{ items: Level[] }> }) => (
  <Ordered<Level>
    current={current}
    title={t.severities}
    why={t.severitiesWhy}
    empty={t.noSeverities}
    addLabel={t.add}
    begin={() => <PresetChooser />}
    more={(dirty) => <Presets dirty={dirty} />}
    nameOf={(one) => one.level}
    fresh={() => ({ level: '', name: '', description: '', roles_required: [], examples: [] })}
    save={(items, tag) => ok(api.PUT('/api/severities', { body: { items }, headers: ifMatch(tag) }))}
    row={(one) => (
      <>
        <span className="flex flex-wrap gap-x-2">
          <span className="font-strong">{one.level}</span>
          {one.name && <span>{one.name}</span>}
        </span>
        {one.description && <span className="text-fg-muted">{one.description}</span>}
        <span className="flex flex-wrap gap-x-4 text-meta text-fg-subtle">
          {one.response_time && <span>{t.answered(one.response_time)}</span>}
          {one.communication && <span>{t.updates(one.communication)}</span>}
          {one.target_resolution && <span>{t.resolved(one.target_resolution)}</span>}
          {one.escalation && <span>{t.tells(one.escalation)}</span>}
          {one.postmortem_required && <span>{t.postmortem}</span>}
        </span>
      </>
    )}
    dialog={(props) => <LevelDialog {...props} />}
  />
);

const Roles = ({ current }: { current: Tagged<{ items: Role[] }> }) => (
  <Ordered<Role>
    current={current}
    title={t.roles}
    why={t.rolesWhy}
    empty={t.noRoles}
    addLabel={t.addRole}
    begin={(set) => <Button onClick={() => set(usualRoles)}>{t.usual}</Button>}
    nameOf={(one) => one.name}
    fresh={() => ({ name: '', title: '', responsibilities: [], must_not: [] })}
    save={(items, tag) => ok(api.PUT('/api/incident-roles', { body: { items }, headers: ifMatch(tag) }))}
    row={(one) => (
      <>
        <span className="flex flex-wrap gap-x-2">
          <span className="font-strong">{one.title || one.name}</span>
          {one.who && <span className="text-fg-muted">{listOf(one.who).join(', ')}</span>}
        </span>
        {listOf(one.responsibilities).length > 0 && (
          <span className="text-fg-muted">{listOf(one.responsibilities).join('. ')}.</span>
        )}
        {listOf(one.must_not).length > 0 && (
          <span className="text-meta text-fg-subtle">{t.mustNots(listOf(one.must_not).join(', '))}</span>
        )}
      </>
    )}
    dialog={(props) => <RoleDialog {...props} />}
  />
);

/** Another scheme in place of this one, unless something is typed that it would take away. */
const Presets = ({ dirty }: { dirty: boolean }) => {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" look="quiet" disabled={dirty} title={dirty ? t.presetsFirst : undefined} onClick={() => setOpen(true)}>
        {setup.severities.presets}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={setup.severities.label} wide>
        <PresetChooser replaces onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
};

type OrderedProps<T> = {
  current: Tagged<{ items: T[] }>;
  title: string;
  why: string;
  empty: string;
  addLabel: string;
  /** What an empty list may begin with. */
  begin: (set: (items: T[]) => void) => ReactNode;
  /** Beside the button that adds. */
  more?: (dirty: boolean) => ReactNode;
  nameOf: (item: T) => string;
  fresh: () => T;
  save: (items: T[], tag: string | undefined) => Promise<unknown>;
  row: (item: T) => ReactNode;
  dialog: (props: { item: T; taken: string[]; onClose: () => void; onDone: (item: T) => void }) => ReactNode;
};

/** A list whose order means something: items are added, changed, moved and removed in a draft, which is saved whole. */
const Ordered = <T,>({
  current,
  title,
  why,
  empty,
  addLabel,
  begin,
  more,
  nameOf,
  fresh,
  save,
  row,
  dialog,
}: OrderedProps<T>) => {
  const client = useQueryClient();
  const may = useCan()('process.apply');
  const draft = useDraft(current);
  const [editing, setEditing] = useState<number>();
  const items = draft.value.items;
  const set = (next: T[]) => draft.set({ items: next });
  const keep = useMutation({
    mutationFn: () => save(items, draft.base.tag),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] });
      draft.discard();
      toast(settings.saved);
    },
    onError: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
  const stale = isStale(keep.error) ? keep.error : undefined;
  const index = keep.error instanceof ApiProblem ? /^items\.(\d+)/.exec(keep.error.field ?? '')?.[1] : undefined;
  const edited = editing === undefined ? undefined : (items[editing] ?? fresh());
  return (
    <>
      <LeaveGuard changes={differences(draft.base.data, draft.value).length} />
      <StaleStrip draft={draft} refused={stale} onResolved={keep.reset} />
      {keep.error && !stale && (
        <ProblemStrip
          error={keep.error}
          action={
            index !== undefined && (
              <Button size="sm" onClick={() => setEditing(Number(index))}>
                {t.edit(nameOf(items[Number(index)] as T))}
              </Button>
            )
          }
        />
      )}
      <Section
        title={title}
        padded="page"
        action={
          may && (
            <span className="flex gap-2">
              {items.length > 0 && more?.(draft.dirty)}
              <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setEditing(items.length)}>
                {addLabel}
              </Button>
            </span>
          )
        }
      >
        <p className="mb-2 max-w-160 text-fg-muted">{why}</p>
        {items.length === 0 ? (
          <Empty title={empty} action={may && begin(set)} />
        ) : (
          <ol aria-label={title} className="flex flex-col divide-y divide-line border-y border-line">
            {items.map((item, at) => (
              <li key={`${at} ${nameOf(item)}`} className="flex items-start gap-2 py-2 max-desk:flex-col">
                <span className="flex min-w-0 flex-1 flex-col gap-0.5 wrap-anywhere">{row(item)}</span>
                {may && (
                  <span className="flex shrink-0">
                    <IconButton
                      label={t.up(nameOf(item))}
                      look="quiet"
                      size="sm"
                      aria-disabled={at === 0}
                      onClick={() => set(moved(items, at, -1))}
                    >
                      <ArrowUp size={13} aria-hidden="true" />
                    </IconButton>
                    <IconButton
                      label={t.down(nameOf(item))}
                      look="quiet"
                      size="sm"
                      aria-disabled={at === items.length - 1}
                      onClick={() => set(moved(items, at, 1))}
                    >
                      <ArrowDown size={13} aria-hidden="true" />
                    </IconButton>
                    <IconButton label={t.edit(nameOf(item))} look="quiet" size="sm" onClick={() => setEditing(at)}>
                      <Pencil size={13} aria-hidden="true" />
                    </IconButton>
                    <IconButton
                      label={ui.remove(nameOf(item))}
                      look="quiet"
                      size="sm"
                      onClick={() => set(items.filter((_, other) => other !== at))}
                    >
                      <X size={13} aria-hidden="true" />
                    </IconButton>
                  </span>
                )}
              </li>
            ))}
          </ol>
        )}
        {draft.dirty && (
          <div className="flex gap-2 pt-3">
            <Button look="main" busy={keep.isPending} onClick={() => keep.mutate()}>
              {t.save(title)}
            </Button>
            <Button look="quiet" onClick={draft.discard}>
              {settings.discard}
            </Button>
          </div>
        )}
      </Section>
      {editing !== undefined &&
        edited !== undefined &&
        dialog({
          item: edited,
          taken: items.filter((_, other) => other !== editing).map((one) => nameOf(one).toLowerCase()),
          onClose: () => setEditing(undefined),
          onDone: (item) => {
            set(editing < items.length ? items.map((one, other) => (other === editing ? item : one)) : [...items, item]);
            setEditing(undefined);
          },
        })}
    </>
  );
};
