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
  onAdd,
}: {
  person: string;
  methods: Method[];
  onAdd: (method: Method) => Promise<unknown>;
}) => {
  const client = useQueryClient();
  const can = useCan();
  const key = useQuery({ ...webPushQuery, enabled: can('self.write') }).data?.public_key;
  const endpoint = useQuery({ queryKey: ['me', 'device'], queryFn: ownEndpoint }).data;
  const method = methods.find((one) => endpoint && endpointOf(one) === endpoint);

  const add = useMutation({
    mutationFn: async (serverKey: string) => {
      const address = await subscribe(serverKey);
      const fresh: Method = { label: labelFor(navigator.userAgent, methods), channel: 'webpush', address };
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
      {method?.verified ? (
        <Mark state="ok" quiet>
          {t.here(method.label)}
        </Mark>
      ) : (
        method && !add.isPending && <Mark state="medium">{t.unproven(method.label)}</Mark>
      )}
      {!method?.verified && !why && key && (
        <Button icon={<BellRing size={13} aria-hidden="true" />} busy={add.isPending} onClick={() => add.mutate(key)}>
          {method ? t.prove : t.add}
        </Button>
      )}
      <p className="text-fg-muted">{why && !method?.verified ? why : t.why}</p>
    </div>
  );
};
