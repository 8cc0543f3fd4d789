import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import type { Settings } from '../../../contract/settings.ts';
import type { WordingKind } from '../../../contract/wording.ts';
import { ApiProblem } from '../../api/client.ts';
import { useSearchState } from '../../search-state.ts';
import { wording as t } from '../../text/wording.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented, TextArea } from '../../ui/field.tsx';
import { Details, ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import { Subtle } from '../../ui/text.tsx';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { SaveOrDiscard } from '../editing/save-or-discard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { useSaveSettings } from './channels.tsx';
import { settingsQuery, type WordingShown, type WordingTried, wordingQuery, wordingTriedQuery } from './queries.ts';
import { listedOf, reworded, unlistedOf } from './reworded.ts';

/** What messages say: each part by kind of channel and language, with a preview of what comes of it. */
export const WordingSettings = () => {
  const current = useQuery(settingsQuery);
  const shown = useQuery(wordingQuery);
  const error = current.error ?? shown.error;
  if (!current.data || !shown.data) return error ? <ProblemStrip error={error} /> : <SkeletonRows />;
  return <Editor current={current.data} shown={shown.data} />;
};

const Editor = ({ current, shown }: { current: Tagged<Settings>; shown: WordingShown }) => {
  const draft = useDraft(current);
  const save = useSaveSettings(draft, 'wording');
  const [search, set] = useSearchState();
  const stale = isStale(save.error) ? save.error : undefined;
  const problem = save.error instanceof ApiProblem && !stale ? save.error : undefined;
  const kinds = [...new Set(shown.parts.map((one) => one.kind))];
  const kind = kinds.find((one) => one === search.channel) ?? 'sms';
  const language = shown.languages.find((one) => one === search.language) ?? 'en';
  const parts = shown.parts.filter((one) => one.kind === kind);
  const names = [...new Set(parts.flatMap((one) => one.placeholders))];
  const own = draft.value.wording?.[kind] ?? {};
  const templates = Object.fromEntries(
    parts.flatMap(({ part }) => {
      const template = own[part]?.[language];
      return template === undefined ? [] : [[part, template]];
    }),
  );
  const tried = useQuery({
    ...wordingTriedQuery(useDeferredValue(JSON.stringify({ kind, language, templates }))),
    placeholderData: keepPreviousData,
  });
  const write = (part: string, template: string | undefined, at: { kind: string; language: string } = { kind, language }) =>
    draft.set({ ...draft.value, wording: reworded(draft.value.wording, at.kind, part, at.language, template) });
  const stored = draft.value.wording ?? {};
  const left = unlistedOf(stored, shown);
  // What another version stored stands in the way of saving until it is changed, in whichever kind and language it is.
  const unusable = shown.parts.flatMap((one) =>
    Object.entries(one.problems)
      .filter(([code]) => shown.languages.includes(code) && stored[one.kind]?.[one.part]?.[code] === one.own[code])
      .map(([code, why]) => ({ kind: one.kind, part: one.part, language: code, why })),
  );
  const elsewhere = unusable.filter((one) => one.kind !== kind || one.language !== language);
  const show = (to: { kind: string; language: string }) =>
    set({ channel: to.kind === 'sms' ? undefined : to.kind, language: to.language === 'en' ? undefined : to.language });
  const inField = problem?.field?.startsWith(`wording.${kind}.`) && problem.field.endsWith(`.${language}`);
  const wrongWith = (part: string): string | undefined =>
    tried.data?.problems.find((one) => one.part === part)?.problem ??
    (problem?.field === `wording.${kind}.${part}.${language}` ? problem.message : undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft.value.wording ? { ...draft.value, wording: listedOf(draft.value.wording, shown) } : draft.value);
      }}
    >
      <LeaveGuard changes={differences(draft.base.data, draft.value).length} />
      <StaleStrip draft={draft} refused={stale} onResolved={save.reset} />
      {problem && !inField && <ProblemStrip error={problem} />}
      <div className="flex flex-col gap-3 px-(--pad) pt-4">
        <p className="max-w-160 text-fg-muted">{t.why}</p>
        <div className="flex flex-wrap items-end gap-3">
          <Segmented
            label={t.channel}
            value={kind}
            onChange={(value) => set({ channel: value === 'sms' ? undefined : value })}
            options={kinds.map((value) => ({ value, label: t.kind[value] ?? value }))}
          />
          <div className="w-40">
            <Select
              label={t.language}
              value={language}
              onChange={(value) => set({ language: value === 'en' ? undefined : value })}
              options={shown.languages.map((value) => ({ value, label: t.named(value) }))}
            />
          </div>
        </div>
        <Subtle>
          {[t.says[kind], ...((parts[0]?.channels.length ?? 0) > 1 ? [t.used(parts[0]?.channels ?? [])] : [])].join(' ')}
        </Subtle>
      </div>
      {(left.length > 0 || elsewhere.length > 0) && (
        <Section title={t.unusable} padded="page">
          <ul className="flex max-w-160 flex-col gap-2">
            {elsewhere.map((one) => (
              <li key={`${one.kind} ${one.part} ${one.language}`} className="flex flex-wrap items-center gap-2">
                <span className="min-w-0 flex-1 basis-80 wrap-anywhere">{t.whereUnusable(one)}</span>
                <Button size="sm" aria-label={t.showNamed(one)} onClick={() => show(one)}>
                  {t.show}
                </Button>
                <Button look="quiet" size="sm" aria-label={t.backNamed(one)} onClick={() => write(one.part, undefined, one)}>
                  {t.back}
                </Button>
              </li>
            ))}
            {left.length > 0 && <li className="wrap-anywhere text-fg-muted">{t.left(left)}</li>}
          </ul>
        </Section>
      )}
      <div className="grid grid-cols-2 max-split:grid-cols-1">
        <div>
          {parts.map((part) => (
            <Part
              key={`${kind} ${part.part} ${language}`}
              part={part}
              language={language}
              own={own[part.part]?.[language]}
              wrong={wrongWith(part.part)}
              onChange={(template) => write(part.part, template)}
            />
          ))}
          <div className="flex gap-2 px-(--pad) py-4">
            <SaveOrDiscard label={t.save} draft={draft} busy={save.isPending} />
          </div>
        </div>
        <div className="sticky top-0 self-start max-split:static">
          <Preview kind={kind} tried={tried.data} error={tried.error} />
          <Section title={t.meaning} padded="page">
            <Details
              items={names.map((name) => ({
                label: <span className="font-mono text-12">{t.braced(name)}</span>,
                value: t.means[name],
              }))}
            />
          </Section>
        </div>
      </div>
    </form>
  );
};

const Part = ({
  part: { part, usual, placeholders, most, lines, problems },
  language,
  own,
  wrong,
  onChange,
}: {
  part: WordingShown['parts'][number];
  language: string;
  own: string | undefined;
  wrong: string | undefined;
  onChange: (template: string | undefined) => void;
}) => {
  const standard = usual[language] ?? usual.en ?? '';
  const value = own ?? standard;
  const stored = problems[language];
  return (
    <Section
      title={t.part(part)}
      fact={own === undefined ? t.usual : t.own}
      padded="page"
      action={
        own !== undefined && (
          <Button look="quiet" size="sm" onClick={() => onChange(undefined)}>
            {t.back}
          </Button>
        )
      }
    >
      <TextArea
        label={t.part(part)}
        labelHidden
        rows={lines === 'one' ? 2 : 3}
        placeholder={standard === '' ? t.empty : undefined}
        error={wrong ?? (stored && own !== undefined ? t.unused(stored) : undefined)}
        hint={`${t.most([...value].length, most)}. ${t.placeholders(placeholders)}`}
        value={value}
        onChange={(event) => {
          const typed = lines === 'one' ? event.target.value.replaceAll('\n', ' ') : event.target.value;
          onChange(typed === standard ? undefined : typed);
        }}
      />
    </Section>
  );
};

const Preview = ({ kind, tried, error }: { kind: WordingKind; tried: WordingTried | undefined; error: Error | null }) => (
  <Section title={t.preview} padded="page">
    {error && <ProblemStrip error={error} />}
    {!tried && !error && <SkeletonRows rows={3} />}
    <div className="flex flex-col gap-4" aria-live="polite">
      {tried?.messages.map(({ about, title, text: said, sms }) => (
        <figure key={about} className="flex max-w-120 flex-col gap-1">
          <figcaption className="text-meta text-fg-muted">{t.about[about]}</figcaption>
          <div className="rounded border border-line bg-canvas px-3 py-2">
            {title && <p className="font-strong wrap-anywhere">{title}</p>}
            {said && <p className="whitespace-pre-line wrap-anywhere">{said}</p>}
          </div>
          {sms && <Subtle>{t.segments(sms.segments, sms.characters, sms.alphabet)}</Subtle>}
        </figure>
      ))}
      {tried && tried.problems.length > 0 && <Subtle>{t.asUsual}</Subtle>}
      {kind === 'sms' && <Subtle>{t.segmentsWhy}</Subtle>}
    </div>
  </Section>
);
