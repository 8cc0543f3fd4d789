import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { api, ok } from '../../api/client.ts';
import { schedules as t } from '../../text/schedules.ts';
import { IconButton } from '../../ui/button.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { type NewOverride, overridesQuery } from './queries.ts';
import { moment, overrideText, type Words } from './rows.ts';

type Listed = NewOverride & { id: string };

/** The overrides now and later, each taken back at once, with a way back. */
export const OverridesList = ({ name, words, may }: { name: string; words: Words; may: boolean }) => {
  const client = useQueryClient();
  const overrides = useQuery(overridesQuery(name));
  const settle = () => client.invalidateQueries({ queryKey: ['schedules'] });
  const add = useMutation({
    mutationFn: ({ id: _, ...body }: Listed) =>
      ok(api.POST('/api/schedules/{name}/overrides', { params: { path: { name } }, body })),
    onSettled: settle,
  });
  const remove = useMutation({
    mutationFn: (one: Listed) =>
      ok(api.DELETE('/api/schedules/{name}/overrides/{id}', { params: { path: { name, id: one.id } } })),
    onSuccess: (_, one) => toast(t.overrides.removed, () => add.mutate(one)),
    onSettled: settle,
  });
  return (
    <Section title={t.overrides.title} fact={t.overrides.ahead} padded="page">
      <ProblemStrip error={overrides.error ?? remove.error ?? add.error} />
      {overrides.data?.length === 0 ? (
        <p className="max-w-140 text-fg-muted">{may ? t.overrides.none : t.overrides.noneRead}</p>
      ) : (
        <Rows label={t.overrides.title}>
          {overrides.data?.map((one) => {
            const what = overrideText(one, words.called);
            return (
              <Row key={one.id}>
                <span className="min-w-48 font-strong">{what}</span>
                <span className="flex-1 text-fg-muted">
                  {t.fromTo(moment(one.starts, words.zone), moment(one.ends, words.zone))}
                </span>
                {may && (
                  <IconButton
                    label={t.overrides.removeLabel(what)}
                    look="quiet"
                    size="sm"
                    disabled={remove.isPending}
                    onClick={() => remove.mutate(one)}
                  >
                    <Trash2 size={14} aria-hidden="true" />
                  </IconButton>
                )}
              </Row>
            );
          })}
        </Rows>
      )}
    </Section>
  );
};
