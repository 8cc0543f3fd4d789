import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import { incidents as t } from '../../text/incidents.ts';
import { now, short } from '../../time.ts';
import { problemText } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { type Incident, nameIn } from './queries.ts';

type Simple = 'acknowledge' | 'close' | 'reopen' | 'escalate' | 'unsnooze';
export type Act =
  | { verb: Simple }
  | { verb: 'resolve'; note?: string | undefined }
  | { verb: 'snooze'; seconds: number }
  | { verb: 'reassign'; people: string[] }
  | { verb: 'merge'; into: string };

const send = (id: string, act: Act): Promise<Incident> => {
  const params = { path: { id } };
  switch (act.verb) {
    case 'resolve':
      return ok(api.POST('/api/incidents/{id}/resolve', { params, body: act.note ? { note: act.note } : {} }));
    case 'snooze':
      return ok(api.POST('/api/incidents/{id}/snooze', { params, body: { seconds: act.seconds } }));
    case 'reassign':
      return ok(api.POST('/api/incidents/{id}/reassign', { params, body: { people: act.people } }));
    case 'merge':
      return ok(api.POST('/api/incidents/{id}/merge', { params, body: { into: act.into } }));
    default:
      return ok(api.POST(`/api/incidents/{id}/${act.verb}`, { params, body: {} }));
  }
};

/**
 * How the incident will stand once the server agrees. An acknowledgement is shown only when the server has it:
 * whoever reads "acknowledged" at night goes back to sleep.
 */
const expected = (incident: Incident, act: Act): Incident => {
  const at = new Date(now()).toISOString();
  if (act.verb === 'resolve') return { ...incident, status: 'resolved', resolved_at: at, escalation: null };
  if (act.verb === 'close') return { ...incident, status: 'closed', closed_at: at };
  if (act.verb === 'snooze') return { ...incident, snoozed_until: new Date(now() + act.seconds * 1000).toISOString() };
  if (act.verb === 'unsnooze') return { ...incident, snoozed_until: null };
  if (act.verb === 'reassign') return { ...incident, assignees: act.people };
  return incident;
};

const UNDO: Partial<Record<Act['verb'], Simple>> = { resolve: 'reopen', snooze: 'unsnooze', close: 'reopen' };

/** What went wrong with the last act, and how it is repeated. */
export type Refusal = { text: string; error: unknown; again: () => void };

/** What is said of an act that failed: whether it arrived is not always known. */
const told = (error: unknown, verb: Act['verb'], otherwise: string): string => {
  if (!(error instanceof ApiProblem) || error.status !== 0) return otherwise;
  return error.unanswered ? t.noAnswer(t.act[verb]) : t.notSent(t.act[verb]);
};

type One = { incident: Incident; act: Act };
type Several = { rows: Incident[]; verb: 'acknowledge' | 'resolve' };
const keyOf = ({ incident, act }: One): string => `${incident.id} ${JSON.stringify(act)}`;
const keyOfAll = ({ rows, verb }: Several): string => `${verb} ${rows.map((row) => row.id).join(' ')}`;

/** Acts on incidents: shows what is safe to show at once, takes it back if refused, offers the way back when there is one. */
export const useAct = () => {
  const client = useQueryClient();
  const me = useMe();
  const [refusal, setRefusal] = useState<Refusal>();
  // Known at once: a key pressed twice comes before the next drawing of the page.
  const underWay = useRef(new Set<string>());

  const change = (id: string, edit: (incident: Incident) => Incident) => {
    const before = client.getQueriesData({ queryKey: ['incidents'] });
    const each = (one: Incident) => (one.id === id || one.number === id ? edit(one) : one);
    client.setQueriesData({ queryKey: ['incidents', 'one'] }, (one: Incident | undefined) => one && each(one));
    client.setQueriesData(
      { queryKey: ['incidents', 'list'] },
      (list: { pages: { items: Incident[] }[] } | undefined) =>
        list && { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(each) })) },
    );
    return () => {
      for (const [key, data] of before) client.setQueryData(key, data);
    };
  };

  const one = useMutation({
    mutationFn: ({ incident, act }: One) => send(incident.number, act),
    onMutate: async ({ incident, act }) => {
      setRefusal(undefined);
      await client.cancelQueries({ queryKey: ['incidents'] });
      return change(incident.id, (current) => expected(current, act));
    },
    onError: (error, { incident, act }, undo) => {
      undo?.();
      setRefusal({
        text: told(error, act.verb, t.notDone(incident.number, problemText(error))),
        error,
        again: () => one.mutate({ incident, act }),
      });
    },
    onSuccess: (answer, { incident, act }) => {
      change(answer.id, () => answer);
      const by = answer.acknowledged_by;
      const taken = act.verb === 'acknowledge' && by && me?.person && by !== me.person.name;
      if (taken) toast(t.done.taken(nameIn(answer, by), short(answer.acknowledged_at ?? now())));
      else {
        const back = UNDO[act.verb];
        toast(t.done[act.verb](incident.number), back && (() => one.mutate({ incident: answer, act: { verb: back } })));
      }
    },
    // Not waited for: the act is over, whatever becomes of reading anew.
    onSettled: (_answer, _error, asked) => {
      underWay.current.delete(keyOf(asked));
      void client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });

  const several = useMutation({
    mutationFn: ({ rows, verb }: Several) =>
      ok(api.POST('/api/incidents/bulk', { body: { ids: rows.map((row) => row.number), action: verb } })),
    onMutate: () => setRefusal(undefined),
    onError: (error, { rows, verb }) => {
      setRefusal({
        text: told(error, verb, problemText(error)),
        error,
        again: () => several.mutate({ rows, verb }),
      });
    },
    onSuccess: (answer, { rows, verb }) => {
      const failed = answer.items.filter((item) => !item.done);
      const done = rows.filter((row) => answer.items.some((item) => item.id === row.number && item.done));
      if (failed.length > 0)
        setRefusal({
          text: failed.map((item) => t.notDone(item.id, item.problem ?? '')).join(' '),
          error: undefined,
          again: () => several.mutate({ rows: rows.filter((row) => failed.some((item) => item.id === row.number)), verb }),
        });
      if (done.length === 0) return;
      const reopen = async () => {
        await Promise.allSettled(done.map((row) => send(row.number, { verb: 'reopen' })));
        await client.invalidateQueries({ queryKey: ['incidents'] });
      };
      toast(
        t.done[verb](done.length === 1 ? (done[0] as Incident).number : t.done.several(done.length)),
        verb === 'resolve' ? () => void reopen() : undefined,
      );
    },
    // Not waited for: the act is over, whatever becomes of reading anew.
    onSettled: (_answer, _error, asked) => {
      underWay.current.delete(keyOfAll(asked));
      void client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });

  /** Whether this is the first time: what is under way already is not sent twice. */
  const begins = (key: string): boolean => {
    if (underWay.current.has(key)) return false;
    underWay.current.add(key);
    return true;
  };
  return {
    act: (incident: Incident, act: Act) => {
      if (begins(keyOf({ incident, act }))) one.mutate({ incident, act });
    },
    actOnAll: (rows: Incident[], verb: Several['verb']) => {
      if (begins(keyOfAll({ rows, verb }))) several.mutate({ rows, verb });
    },
    /** The verb under way, if any. */
    busy: one.isPending ? one.variables.act.verb : several.isPending ? several.variables.verb : undefined,
    refusal,
    forget: () => setRefusal(undefined),
  };
};
