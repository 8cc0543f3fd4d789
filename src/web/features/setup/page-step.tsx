import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { setup } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import type { Setup, Step } from './queries.ts';

const t = setup.page;

/** The proof of it all: a page that goes the way of a real one and comes back acknowledged. */
export const PageStep = ({ page, step }: { page: Setup['page']; step: Step }) => {
  const client = useQueryClient();
  const refresh = () => Promise.all(['setup', 'incidents', 'pages'].map((key) => client.invalidateQueries({ queryKey: [key] })));
  const send = useMutation({ mutationFn: () => ok(api.POST('/api/setup/test-page', { body: {} })), onSettled: refresh });
  const resolve = useMutation({
    mutationFn: (id: string) => ok(api.POST('/api/incidents/{id}/resolve', { params: { path: { id } }, body: {} })),
    onSettled: refresh,
  });
  const waiting = step.state === 'waiting';
  return (
    <div className="flex flex-col gap-2">
      <ProblemStrip error={send.error ?? resolve.error} />
      <div className="flex flex-wrap items-center gap-3">
        <Button look={step.state === 'done' || waiting ? 'plain' : 'main'} busy={send.isPending} onClick={() => send.mutate()}>
          {page ? t.another : t.do}
        </Button>
        {page?.open && page.state === 'acknowledged' && (
          <Button busy={resolve.isPending} onClick={() => resolve.mutate(page.incident)}>
            {t.resolve(page.incident)}
          </Button>
        )}
        {waiting && page && <Link to={`/incidents/${page.incident}`}>{page.incident}</Link>}
      </div>
      <p className="text-meta text-fg-subtle">{t.pages}</p>
    </div>
  );
};
