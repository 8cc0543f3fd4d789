import { useQuery } from '@tanstack/react-query';
import { ApiProblem } from '../../api/client.ts';
import { schedules as t } from '../../text/schedules.ts';
import { now } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Badge } from '../../ui/marks.tsx';
import { Select } from '../../ui/select.tsx';
import { peopleQuery } from '../incidents/queries.ts';
import { CoverProposals } from './cover-proposals.tsx';
import { busyQuery, type NewOverride, type Role, type Timeline } from './queries.ts';
import type { Words } from './rows.ts';
import { ZonedField } from './zoned-field.tsx';

/** An override while it is typed: nothing of it need be there yet. */
export type OverrideDraft = {
  kind: NewOverride['kind'];
  person: string | undefined;
  replaces: string | undefined;
  role: Role;
  starts: string | undefined;
  ends: string | undefined;
};

/** What is sent, once it is complete. */
export const complete = (draft: OverrideDraft): NewOverride | undefined => {
  const { kind, person, replaces, role, starts, ends } = draft;
  if (!starts || !ends || Date.parse(ends) <= Date.parse(starts)) return undefined;
  if (kind !== 'remove' && !person) return undefined;
  return {
    kind,
    role,
    starts,
    ends,
    ...(kind !== 'remove' && person ? { person } : {}),
    ...(kind !== 'add' && replaces ? { replaces } : {}),
  };
};

/** Somebody else on call for a while: what a drag on the final row begins, and all of it without the mouse. */
export const OverrideForm = ({
  draft,
  onChange,
  before,
  previewError,
  words,
  roles,
  save,
  onDiscard,
  tried,
}: {
  draft: OverrideDraft;
  onChange: (draft: OverrideDraft) => void;
  before: Timeline | undefined;
  previewError: unknown;
  words: Words;
  roles: Role[];
  save: { run: () => void; busy: boolean; error: unknown };
  onDiscard: () => void;
  tried: boolean;
}) => {
  const people = useQuery(peopleQuery).data?.items.filter((one) => one.active) ?? [];
  const ordered = draft.starts && draft.ends && Date.parse(draft.ends) > Date.parse(draft.starts);
  const busy = useQuery({ ...busyQuery(draft.starts ?? '', draft.ends ?? ''), enabled: Boolean(ordered) }).data ?? [];
  const set = (change: Partial<OverrideDraft>) => onChange({ ...draft, ...change });
  const refused = save.error ?? previewError;
  const field = refused instanceof ApiProblem ? refused.field?.replace(/^overrides\.add\.0\./, '') : undefined;
  const errorOf = (name: string) => (field === name ? (refused as ApiProblem).message : undefined);
  const known = ['person', 'replaces', 'starts', 'ends'];
  const onNow = [
    ...new Set(
      (before?.shifts ?? [])
        .filter((shift) => shift.role === draft.role && !shift.shadow)
        .filter((shift) => !ordered || (shift.starts < (draft.ends ?? '') && shift.ends > (draft.starts ?? '')))
        .map((shift) => shift.person),
    ),
  ];
  const busyIn = (name: string) => [
    ...new Set(busy.filter((one) => one.person === name).map((one) => one.title || one.schedule)),
  ];
  return (
    <Section title={t.form.title} fact={<Badge>{t.form.preview}</Badge>} padded="page">
      {refused && !(field && known.includes(field)) ? <ProblemStrip error={refused} /> : null}
      <div className="flex max-w-170 flex-col gap-3 pb-2">
        <Segmented
          label={t.form.kind}
          value={draft.kind}
          onChange={(kind) => set({ kind })}
          options={(['replace', 'add', 'remove'] as const).map((value) => ({ value, label: t.form.kinds[value] }))}
        />
        <div className="grid gap-3 desk:grid-cols-2">
          {draft.kind !== 'remove' && (
            <Select
              label={t.form.who}
              value={draft.person ?? ''}
              onChange={(person) => set({ person })}
              options={people.map((one) => {
                const where = busyIn(one.name);
                return {
                  value: one.name,
                  label: one.display_name,
                  hint: where.length > 0 ? t.form.busy(where.join(', ')) : t.form.free,
                };
              })}
              error={errorOf('person') ?? (tried && !draft.person ? t.form.needPerson : undefined)}
            />
          )}
          {draft.kind !== 'add' && (
            <Select
              label={t.form.replaces}
              value={draft.replaces ?? ''}
              onChange={(value) => set({ replaces: value || undefined })}
              options={[
                { value: '', label: t.form.all },
                ...[...new Set([...onNow, ...(draft.replaces ? [draft.replaces] : [])])].map((name) => ({
                  value: name,
                  label: words.called(name),
                })),
              ]}
              error={errorOf('replaces')}
            />
          )}
          {roles.length > 1 && (
            <Select
              label={t.form.role}
              value={draft.role}
              onChange={(role) => set({ role: role as Role })}
              options={roles.map((value) => ({ value, label: t.role[value] }))}
            />
          )}
        </div>
        <div className="grid gap-3 desk:grid-cols-2">
          <ZonedField
            label={t.form.from}
            value={draft.starts}
            onChange={(starts) => set({ starts })}
            zone={words.zone}
            error={errorOf('starts') ?? (tried && !draft.starts ? t.form.needTime : undefined)}
          />
          <ZonedField
            label={t.form.to}
            value={draft.ends}
            onChange={(ends) => set({ ends })}
            zone={words.zone}
            error={
              errorOf('ends') ??
              (tried && !draft.ends ? t.form.needTime : draft.starts && draft.ends && !ordered ? t.form.order : undefined)
            }
          />
        </div>
        {before && draft.kind !== 'remove' && ordered && draft.starts && draft.ends && (
          <CoverProposals
            schedule={before.schedule}
            person={draft.replaces}
            from={draft.starts}
            to={draft.ends}
            chosen={draft.person}
            onChoose={(person) => set({ person })}
          />
        )}
        {draft.starts && Date.parse(draft.starts) < now() - 3_600_000 && <p className="text-meta text-fg-muted">{t.form.past}</p>}
        <div className="flex flex-wrap items-center gap-2 pt-1">
          <Button look="main" busy={save.busy} onClick={save.run}>
            {t.form.save}
          </Button>
          <Button look="quiet" onClick={onDiscard}>
            {t.form.discard}
          </Button>
        </div>
      </div>
    </Section>
  );
};
