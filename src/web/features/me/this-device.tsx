import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import { api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { me } from '../../text/me.ts';
import { Button } from '../../ui/button.tsx';
import { Strip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { webPushQuery } from './queries.ts';
import { endpointOf, type Method } from './reach-changes.ts';
import { codeThatComes, labelFor, obstacle, ownEndpoint, subscribe } from './web-push.ts';

const t = me.push;

/** Makes this browser a contact method: it subscribes, and proves itself by the push that comes back. */
export const ThisDevice = ({
  person,
  methods,
  problems,
  onAdd,
}: {
  person: string;
  methods: Method[];
  /** Methods that a provider has given up on, each `label: why`. */
  problems: string[];
  onAdd: (method: Method) => Promise<unknown>;
}) => {
  const client = useQueryClient();
  const can = useCan();
  const key = useQuery({ ...webPushQuery, enabled: can('self.write') }).data?.public_key;
  const endpoint = useQuery({ queryKey: ['me', 'device'], queryFn: ownEndpoint }).data;
  const method = methods.find((one) => endpoint && endpointOf(one) === endpoint);
  const isDead = method !== undefined && problems.some((one) => one.startsWith(`${method.label}: `));
  const works = method?.verified === true && !isDead;

  const add = useMutation({
    mutationFn: async (serverKey: string) => {
      const address = await subscribe(serverKey, isDead);
      // What is dead is made anew in its place.
      const label = isDead && method ? method.label : labelFor(navigator.userAgent, methods);
      const fresh: Method = { label, channel: 'webpush', address };
      const known = methods.find((one) => endpointOf(one) === endpointOf(fresh));
      if (!known) await onAdd(fresh);
      const params = { path: { name: person, label: (known ?? fresh).label } };
      const code = await codeThatComes(() => ok(api.POST('/api/people/{name}/contact-methods/{label}/send-code', { params })));
      const { verified } = await ok(api.POST('/api/people/{name}/contact-methods/{label}/verify', { params, body: { code } }));
      if (!verified) throw new Error(t.older);
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['me', 'device'] });
      await client.invalidateQueries({ queryKey: ['people'] });
    },
  });

  if (!can('self.write')) return null;
  const why = key === null ? t.off : obstacle();
  return (
    <div className="flex max-w-160 flex-col items-start gap-2 pt-4" aria-live="polite">
      {add.error && (
        <Strip state="critical">
          {t.failed} {add.error.message}
        </Strip>
      )}
      {works ? (
        <Mark state="ok" quiet>
          {t.here(method.label)}
        </Mark>
      ) : (
        method && !add.isPending && <Mark state="medium">{(isDead ? t.dead : t.unproven)(method.label)}</Mark>
      )}
      {!works && !why && key && (
        <Button icon={<BellRing size={13} aria-hidden="true" />} busy={add.isPending} onClick={() => add.mutate(key)}>
          {method && !isDead ? t.prove : t.add}
        </Button>
      )}
      <p className="text-fg-muted">{why && !works ? why : t.why}</p>
    </div>
  );
};
