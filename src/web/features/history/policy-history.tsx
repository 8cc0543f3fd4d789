import { useQuery } from '@tanstack/react-query';
import { api, ifMatch, ok } from '../../api/client.ts';
import { useCanFor } from '../../api/me.ts';
import { history as t } from '../../text/history.ts';
import { PolicySentences } from '../escalation/policy-sentences.tsx';
import { type Policy, policyQuery } from '../escalation/queries.ts';
import { useChoices } from '../escalation/target-editor.tsx';
import { HistoryPage, momentText, useMoment, versionThen } from './history-page.tsx';
import { PutBack } from './put-back.tsx';
import { policyHistoryQuery, policyThenQuery } from './queries.ts';

export const PolicyHistory = ({ name }: { name: string }) => {
  const at = useMoment();
  const kept = useQuery(policyHistoryQuery(name));
  const then = useQuery(policyThenQuery(name, at));
  const choices = useChoices();
  const isThere = kept.data !== undefined && kept.data.items[0]?.action !== 'removed';
  const present = useQuery({ ...policyQuery(name), enabled: isThere });
  const version = kept.data && versionThen(kept.data.items, at);
  const shown = version ? then.data : undefined;
  const may = useCanFor()('policy.write', (isThere ? present.data?.data : then.data)?.team);
  const save = () => {
    const { name: _, ...body } = then.data as Policy;
    const headers = isThere ? ifMatch(present.data?.tag) : { 'if-none-match': '*' };
    return ok(api.PUT('/api/escalation-policies/{name}', { params: { path: { name } }, body, headers }));
  };
  return (
    <HistoryPage
      title={shown?.title || name}
      current={isThere ? { to: `/escalation/${name}`, label: t.current.policy } : undefined}
      history={kept.data}
      error={kept.error ?? then.error}
      at={at}
      putBack={
        may && version && shown && (present.data || !isThere) ? (
          <PutBack from={momentText(version.from)} noun="escalation" to={`/escalation/${name}`} save={save} />
        ) : undefined
      }
    >
      {shown && choices && (
        <PolicySentences
          policy={shown}
          saved={shown}
          onChange={undefined}
          choices={choices.choices}
          names={choices.names}
          findings={[]}
        />
      )}
    </HistoryPage>
  );
};
