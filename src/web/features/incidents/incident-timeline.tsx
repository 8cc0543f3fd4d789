import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowUpRight, Bell, BellOff, CircleCheck, CircleDot, Combine, Radio, Smartphone, UserPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { useCan, useMe } from '../../api/me.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { incidents as t } from '../../text/incidents.ts';
import { ui } from '../../text/ui.ts';
import { now } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented, TextArea } from '../../ui/field.tsx';
import { Empty, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { Initials, Told } from '../../ui/text.tsx';
import { TimelineEntry, TimelineList } from '../../ui/timeline.tsx';
import { type Entry, type Incident, nameIn, timelineQuery } from './queries.ts';

const ICONS: [RegExp, typeof Bell][] = [
  [/^incident\.(acknowledged|resolved|closed)/, CircleCheck],
  [/^incident\.(joined|reassigned|person_left)/, UserPlus],
  [/^incident\.(snoozed|unsnoozed)/, BellOff],
  [/^incident\.merged/, Combine],
  [/^incident\.(opened|alerts|worsened)/, Radio],
  [/^alert\./, Radio],
  [/^escalation\./, ArrowUpRight],
  [/^page\.answered/, Smartphone],
  [/^(page|delivery)\./, Bell],
];
const iconOf = (type: string) => ICONS.find(([pattern]) => pattern.test(type))?.[1] ?? CircleDot;

const NOTE = 'incident.note';

/**
 * Newest first, the composer on top. What comes while somebody reads further down or types waits behind
 * "3 new": nothing moves under her eyes.
 */
export const IncidentTimeline = ({ incident }: { incident: Incident }) => {
  const [shown, setShown] = useState<'all' | 'notes'>('all');
  const [text, setText] = useState('');
  const [newestSeen, setNewestSeen] = useState<string>();
  const timeline = useInfiniteQuery(timelineQuery(incident.number));
  const top = useRef<HTMLDivElement>(null);
  const entries = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const newest = entries[0]?.id;

  // At the top, with nothing being typed, what is new is simply there.
  useEffect(() => {
    const away = (top.current?.getBoundingClientRect().top ?? 0) < 0 || text !== '';
    if (newest && (!away || newestSeen === undefined)) setNewestSeen(newest);
  }, [newest, newestSeen, text]);
  const from = Math.max(
    0,
    entries.findIndex((entry) => entry.id === newestSeen),
  );
  const kept = entries.slice(from).filter((entry) => shown === 'all' || entry.type === NOTE);

  return (
    <section aria-label={t.timeline.title} className="flex flex-col px-(--pad) py-3.5">
      <div ref={top} />
      <Composer incident={incident} text={text} onText={setText} onSent={() => setNewestSeen(undefined)} />
      <div className="flex min-h-11 items-center gap-2 max-desk:mt-3">
        <h2 className="max-desk:vh">{t.timeline.title}</h2>
        <span className="text-meta text-fg-subtle">{t.timeline.fact}</span>
        <span className="ml-auto" />
        <Segmented
          label={t.timeline.title}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'all', label: t.timeline.all },
            { value: 'notes', label: t.timeline.notes },
          ]}
        />
      </div>
      {from > 0 && (
        <div className="sticky top-2 z-10 flex justify-center py-1">
          <Button
            size="sm"
            onClick={() => {
              setNewestSeen(newest);
              top.current?.scrollIntoView({ block: 'start' });
            }}
          >
            {t.timeline.fresh(from)}
          </Button>
        </div>
      )}
      <ProblemStrip error={timeline.error} />
      {timeline.isPending && <SkeletonRows rows={6} />}
      {timeline.data && kept.length === 0 && <Empty title={shown === 'notes' ? t.timeline.noNotes : t.timeline.empty} />}
      <div aria-live="polite">
        <TimelineList label={t.timeline.title}>
          {kept.map((entry) => (
            <OneEntry key={entry.id} entry={entry} incident={incident} />
          ))}
        </TimelineList>
      </div>
      {timeline.hasNextPage && (
        <div className="flex justify-center py-3">
          <Button busy={timeline.isFetchingNextPage} onClick={() => void timeline.fetchNextPage()}>
            {ui.loadMore}
          </Button>
        </div>
      )}
    </section>
  );
};

const OneEntry = ({ entry, incident }: { entry: Entry; incident: Incident }) => {
  const name = nameIn(incident, entry.actor);
  if (entry.type === NOTE)
    return (
      <TimelineEntry at={entry.at} icon={<Initials name={name} />} note={entry.text}>
        <span className="font-strong text-fg">{name}</span> {t.timeline.note}
      </TimelineEntry>
    );
  const Icon = iconOf(entry.type);
  return (
    <TimelineEntry at={entry.at} icon={<Icon size={14} strokeWidth={1.75} aria-hidden="true" />}>
      <Told>{entry.text}</Told>
    </TimelineEntry>
  );
};

const Composer = ({
  incident,
  text,
  onText,
  onSent,
}: {
  incident: Incident;
  text: string;
  onText: (text: string) => void;
  onSent: () => void;
}) => {
  const can = useCan();
  const me = useMe();
  const client = useQueryClient();
  const box = useRef<HTMLDivElement>(null);
  const write = useMutation({
    mutationFn: (note: string) =>
      ok(api.POST('/api/incidents/{id}/notes', { params: { path: { id: incident.number } }, body: { text: note } })),
    onMutate: () => onText(''),
    // What was typed is never lost, nor what was typed meanwhile.
    onError: (_error, note) => onText([note, text].filter(Boolean).join('\n')),
    onSuccess: async () => {
      onSent();
      await client.invalidateQueries({ queryKey: ['incidents', 'timeline'] });
    },
  });
  useShortcuts([{ key: 'n', label: t.act.note, run: () => box.current?.querySelector('textarea')?.focus() }]);
  if (!can('incident.respond')) return null;
  const send = () => text.trim() && !write.isPending && write.mutate(text.trim());
  return (
    <div ref={box} className="flex flex-col gap-1.5">
      <TextArea
        label={t.act.note}
        labelHidden
        placeholder={t.timeline.placeholder}
        rows={2}
        maxLength={25_000}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          send();
        }}
      />
      {write.error && <ProblemStrip error={write.error} />}
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 text-meta text-fg-subtle max-desk:invisible">{t.timeline.visible}</span>
        <Button
          size="sm"
          busy={write.isPending}
          disabled={!text.trim()}
          title={text.trim() ? undefined : t.timeline.placeholder}
          onClick={send}
        >
          {t.act.note}
        </Button>
      </div>
      {write.isPending && (
        <TimelineList label={t.timeline.sending}>
          <TimelineEntry
            at={new Date(now()).toISOString()}
            icon={<Initials name={me?.person?.display_name ?? '?'} />}
            note={write.variables}
            pending
          >
            {t.timeline.sending}
          </TimelineEntry>
        </TimelineList>
      )}
    </div>
  );
};
