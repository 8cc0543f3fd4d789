import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { silences as t } from '../../text/silences.ts';
import { Button, IconButton, Link } from '../../ui/button.tsx';
import { Details, ProblemStrip, Section } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Time } from '../../ui/text.tsx';
import { matcherWords } from '../matching/words.ts';
import { endSilence, restore, type Silence, writtenOf } from './queries.ts';
import { SilencePreview } from './silence-preview.tsx';
import { SilenceState } from './silence-state.tsx';
import { recursWords } from './words.ts';

/** One silence beside the list: what it is, what it hides now, and how to end it. */
export const SilencePeek = ({ silence, onClose }: { silence: Silence; onClose: () => void }) => {
  const may = useCan()('silence.write');
  const back = useMutation({ mutationFn: () => restore(silence), onSuccess: () => toast(t.peek.back) });
  const end = useMutation({
    mutationFn: () => endSilence(silence.id),
    onSuccess: () => toast(t.peek.ended(silence.comment), () => back.mutate()),
  });
  const over = silence.state === 'expired';
  return (
    <>
      <div className="flex items-center gap-2 px-4 pt-3">
        <SilenceState state={silence.state} kind={silence.kind} />
        <span className="ml-auto flex gap-2">
          {may && !over && (
            <>
              <Link look="button" size="sm" to="/silences/new" search={{ change: silence.id }}>
                {t.peek.change}
              </Link>
              <Button size="sm" busy={end.isPending} onClick={() => end.mutate()}>
                {t.peek.endNow}
              </Button>
            </>
          )}
          {may && over && (
            <Link look="button" size="sm" to="/silences/new" search={{ copy: silence.id }}>
              {t.peek.again}
            </Link>
          )}
          <IconButton label={t.peek.close} look="quiet" size="sm" onClick={onClose}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </span>
      </div>
      <h2 className="px-4 pt-2 text-16 wrap-break-word">{silence.comment}</h2>
      <ProblemStrip error={end.error ?? back.error} />
      <div className="border-b border-line px-4 py-3">
        <Details
          items={[
            { label: t.peek.services, value: silence.services.length > 0 ? silence.services.join(', ') : t.everyService },
            ...(silence.matchers.length > 0
              ? [
                  {
                    label: t.peek.tests,
                    value: (
                      <ul>
                        {silence.matchers.map((one, index) => (
                          <li key={index}>{matcherWords(one)}</li>
                        ))}
                      </ul>
                    ),
                  },
                ]
              : []),
            ...(silence.recurs ? [{ label: t.peek.when, value: recursWords(silence.recurs) }] : []),
            ...(silence.starts_at ? [{ label: t.peek.starts, value: <Time at={silence.starts_at} /> }] : []),
            ...(silence.ended_at
              ? [{ label: t.peek.endedAt, value: <Time at={silence.ended_at} /> }]
              : [{ label: t.peek.ends, value: silence.ends_at ? <Time at={silence.ends_at} /> : t.noEnd }]),
            { label: t.peek.made, value: silence.created_by },
          ]}
        />
        {silence.name && <p className="mt-2 text-meta text-fg-muted">{t.peek.kept(silence.name)}</p>}
      </div>
      {!over && (
        <SilencePreview
          active={silence.state === 'active'}
          preview={{ key: [silence.id, silence], body: () => ({ ...writtenOf(silence) }) }}
        />
      )}
      {over && (
        <Section title={t.peek.endedAt}>
          <Time at={silence.ended_at ?? silence.ends_at ?? silence.starts_at ?? 0} />
        </Section>
      )}
    </>
  );
};
