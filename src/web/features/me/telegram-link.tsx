import { useMutation, useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { me } from '../../text/me.ts';
import { Button, OutLink } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { channelsQuery } from '../settings/queries.ts';
import { reachQuery } from './queries.ts';
import type { Method } from './reach-changes.ts';

const t = me.telegram;
const ASK_AGAIN_MS = 3000;

/** Makes a chat with the bot a contact method: the link says a code to it. Nothing while Telegram is not set up. */
export const TelegramLink = ({ person, methods }: { person: string; methods: Method[] }) => {
  const can = useCan();
  const isSetUp = useQuery(channelsQuery).data?.items.some((one) => one.channel === 'telegram' && one.configured);
  const linked = methods.find((one) => one.channel === 'telegram' && one.verified);
  const link = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/telegram-link', { params: { path: { name: person } }, body: {} })),
  });
  // The chat is linked over there: looked at until it shows here.
  useQuery({ ...reachQuery(person), refetchInterval: link.data && !linked ? ASK_AGAIN_MS : false });
  if (!isSetUp || !can('self.write')) return null;
  return (
    <div className="flex max-w-160 flex-col items-start gap-2 pt-4" aria-live="polite">
      <ProblemStrip error={link.error} />
      {linked ? (
        <Mark state="ok" quiet>
          {t.here(linked.label)}
        </Mark>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <Button icon={<Send size={13} aria-hidden="true" />} busy={link.isPending} onClick={() => link.mutate()}>
              {link.data ? t.again : t.link}
            </Button>
            {link.data && <OutLink href={link.data.url}>{t.open}</OutLink>}
          </div>
          <p className="text-fg-muted">{link.data ? t.press : t.why}</p>
        </>
      )}
    </div>
  );
};
