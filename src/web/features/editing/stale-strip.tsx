import { useState } from 'react';
import { ApiProblem } from '../../api/client.ts';
import { editing as t } from '../../text/editing.ts';
import { short } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Strip } from '../../ui/layout.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { differences } from './differences.ts';
import type { Draft } from './use-draft.ts';

/**
 * Somebody else saved the thing meanwhile: says who and when, shows theirs, and puts mine over it or takes theirs.
 * `refused` is the 412 of a save, which knows who it was; `names` turns a path into words; `done` clears the refusal.
 */
export const StaleStrip = <T,>({
  draft,
  refused,
  onResolved,
  personName = (name) => name,
}: {
  draft: Draft<T>;
  refused: ApiProblem | undefined;
  onResolved: () => void;
  personName?: (name: string) => string;
}) => {
  const [seeing, setSeeing] = useState(false);
  if (!refused && draft.theirs === undefined) return null;
  const by = refused instanceof ApiProblem ? refused.changed : undefined;
  const put = () => {
    setSeeing(false);
    draft.putOver();
    onResolved();
  };
  const take = () => {
    setSeeing(false);
    draft.discard();
    onResolved();
  };
  const mine = new Map(differences(draft.base.data, draft.value).map((one) => [one.path, one.is]));
  const changed = draft.theirs === undefined ? [] : differences(draft.base.data, draft.theirs);
  return (
    <>
      <Strip
        state="medium"
        action={
          <span className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => setSeeing(true)}>
              {t.stale.see}
            </Button>
            <Button size="sm" onClick={put}>
              {t.stale.put}
            </Button>
          </span>
        }
      >
        {by ? t.stale.by(personName(by.by), short(by.at)) : t.stale.somebody}
      </Strip>
      <Dialog
        open={seeing}
        onClose={() => setSeeing(false)}
        title={t.stale.title}
        wide
        actions={
          <>
            <Button onClick={take}>{t.stale.take}</Button>
            <Button look="main" onClick={put}>
              {t.stale.put}
            </Button>
          </>
        }
      >
        {changed.length === 0 ? (
          <p className="text-fg-muted">{t.stale.nothing}</p>
        ) : (
          <table>
            <thead>
              <tr className="text-meta text-fg-subtle">
                {[t.stale.what, t.stale.was, t.stale.theirs, t.stale.mine].map((head) => (
                  <th key={head} scope="col" className="border-b border-line py-1.5 pr-3">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changed.map((one) => (
                <tr key={one.path}>
                  <th scope="row" className="border-b border-line py-1.5 pr-3 wrap-anywhere">
                    {one.path.replaceAll('_', ' ').replaceAll('.', ' › ')}
                  </th>
                  {[one.was, one.is, mine.has(one.path) ? mine.get(one.path) : one.was].map((value, index) => (
                    <td
                      key={index}
                      className={`border-b border-line py-1.5 pr-3 wrap-anywhere ${index === 1 ? 'font-strong' : ''}`}
                    >
                      {value || <span className="text-fg-subtle">{t.stale.none}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Dialog>
    </>
  );
};
