import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { setup } from '../../text/setup.ts';
import { Link } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { MarkIcon } from '../../ui/marks.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import type { Setup } from './queries.ts';

const t = setup.list;
type Item = Setup['weeks'][number]['items'][number];

/** The list of the first weeks: what Allclear sees by itself, and what somebody ticks for everyone. */
export const StartSmall = ({ weeks }: { weeks: Setup['weeks'] }) => {
  const client = useQueryClient();
  const tick = useMutation({
    mutationFn: ({ id, done }: { id: string; done: boolean }) =>
      ok(api.PUT('/api/setup/items/{id}', { params: { path: { id } }, body: { done } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['setup'] }),
  });
  const pending = tick.isPending ? tick.variables : undefined;
  return (
    <section aria-label={t.title} className="pt-8">
      <h2 className="text-16">{t.title}</h2>
      <p className="pt-1 text-fg-muted">{t.why}</p>
      <ProblemStrip error={tick.error} />
      {weeks.map((week) => (
        <section key={week.title} className="pt-5">
          <h3 className="flex items-baseline gap-2 text-14">
            {week.title}
            <span className="text-meta font-text text-fg-subtle">
              {t.fact(week.items.filter((item) => item.done).length, week.items.length)}
            </span>
          </h3>
          <p className="text-meta text-fg-subtle">{week.text}</p>
          <ul aria-label={week.title} className="mt-2 divide-y divide-line border-y border-line">
            {week.items.map((item) => (
              <ListItem
                key={item.id}
                item={pending?.id === item.id ? { ...item, done: pending.done } : item}
                onTick={(done) => tick.mutate({ id: item.id, done })}
              />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
};

const ListItem = ({ item, onTick }: { item: Item; onTick: (done: boolean) => void }) => (
  <li className="flex items-start gap-3 py-2">
    <div className="min-w-0 flex-1">
      {item.by === 'person' ? (
        <Checkbox checked={item.done} onChange={onTick}>
          {item.title}
        </Checkbox>
      ) : (
        <span className="flex min-h-6 items-start gap-2">
          <span className={`pt-1 ${item.done ? 's-ok state-fg' : 'text-fg-subtle'}`}>
            <MarkIcon state={item.done ? 'ok' : 'unknown'} />
          </span>
          <span>
            {item.title}
            <span className="vh"> ({item.done ? t.done : t.open})</span>
          </span>
        </span>
      )}
      <p className="pl-5.5 text-meta text-fg-subtle">
        {item.why}{' '}
        {item.by === 'system'
          ? `${t.seen}.`
          : item.done_by &&
            item.done_at && (
              <Subtle>
                {t.ticked} {item.done_by}, <Time at={item.done_at} />
              </Subtle>
            )}
      </p>
    </div>
    {item.fix && !item.done && (
      <Link to={item.fix} look="quiet" size="sm" aria-label={t.goTo(item.title)}>
        {t.go}
      </Link>
    )}
  </li>
);
