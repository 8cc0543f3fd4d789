import type { Target } from '../../contract/escalation.ts';
import type { ProcessDocument, Remark } from '../../contract/process.ts';
import { type Path, remark } from './source.ts';
import { didYouMean } from './suggest.ts';
import { type ListKind, nameOf, type Where } from './types.ts';

const NOUN: Partial<Record<ListKind, string>> = {
  people: 'person',
  teams: 'team',
  schedules: 'schedule',
  escalation_policies: 'escalation policy',
  services: 'service',
};
type Reference = { kind: ListKind; name: string; path: Path; to: ListKind; target: string };

/** Every name in a document that stands for something elsewhere in it. */
export const referencesOf = (document: ProcessDocument): Reference[] => {
  const all: Reference[] = [];
  const from =
    (kind: ListKind, name: string) =>
    (to: ListKind, target: string | undefined, ...path: Path) => {
      if (target !== undefined) all.push({ kind, name, path, to, target });
    };
  for (const team of document.teams) {
    const refer = from('teams', team.name);
    refer('people', team.lead, 'lead');
    for (const [at, member] of team.members.entries()) refer('people', member, 'members', at);
    for (const [at, grant] of team.grants.entries()) refer('people', grant.person, 'grants', at, 'person');
  }
  for (const kind of ['schedules', 'escalation_policies'] as const)
    for (const one of document[kind]) from(kind, one.name)('teams', one.team, 'team');
  for (const schedule of document.schedules)
    for (const [at, layer] of schedule.layers.entries()) {
      for (const [words, person] of Object.entries(layer.calendar?.people ?? {}))
        from('schedules', schedule.name)('people', person, 'layers', at, 'calendar', 'people', words);
      for (const [seat, people] of layer.participants.entries())
        for (const [number, person] of [people].flat().entries())
          from('schedules', schedule.name)(
            'people',
            person,
            'layers',
            at,
            'participants',
            seat,
            ...(Array.isArray(people) ? [number] : []),
          );
    }
  for (const policy of document.escalation_policies) {
    const refer = from('escalation_policies', policy.name);
    const target = (one: Target, ...path: Path) => {
      if ('person' in one) refer('people', one.person, ...path, 'person');
      else if ('schedule' in one) refer('schedules', one.schedule, ...path, 'schedule');
      else if ('team' in one) refer('teams', one.team, ...path, 'team');
      else if ('round_robin' in one)
        for (const [at, person] of one.round_robin.entries()) refer('people', person, ...path, 'round_robin', at);
    };
    for (const [at, step] of policy.steps.entries()) {
      for (const [number, one] of step.targets.entries()) target(one, 'steps', at, 'targets', number);
      for (const [number, service] of (step.when.services ?? []).entries())
        refer('services', service, 'steps', at, 'when', 'services', number);
    }
    if (policy.fallback) target(policy.fallback, 'fallback');
  }
  for (const service of document.services) {
    from('services', service.name)('teams', service.team, 'team');
    from('services', service.name)('escalation_policies', service.escalation_policy, 'escalation_policy');
  }
  for (const integration of document.integrations)
    from('integrations', integration.name)('services', integration.service, 'service');
  for (const rule of document.routing) from('routing', rule.name)('services', rule.set.service, 'set', 'service');
  for (const silence of document.silences)
    for (const [at, service] of silence.services.entries()) from('silences', silence.name)('services', service, 'services', at);
  return all;
};

/**
 * Names that stand for nothing once the files are applied. Only what the files say or cause counts: a thing they
 * leave alone is judged when what it counts on would be removed. Members are named by who they are, as files may
 * list them in another order than is kept.
 */
export const danglingReferences = (
  result: ProcessDocument,
  current: ProcessDocument,
  written: ProcessDocument,
  where: Where,
): Remark[] => {
  const has = (document: ProcessDocument, kind: ListKind, name: string) =>
    (document[kind] as object[]).some((item) => nameOf(kind, item) === name);
  const absent = (document: ProcessDocument) => referencesOf(document).filter((one) => !has(result, one.to, one.target));
  const own = absent(written).map((one) =>
    remark(
      where(one.kind, one.name, one.path),
      has(current, one.to, one.target)
        ? `${NOUN[one.to]} ${one.target} would be removed: expected one that stays`
        : `there is no ${NOUN[one.to]} named ${one.target}${didYouMean(
            one.target,
            (result[one.to] as object[]).map((item) => nameOf(one.to, item)),
          )}`,
    ),
  );
  const others = absent(result)
    .filter((one) => !has(written, one.kind, one.name) && has(current, one.to, one.target))
    .map((one) =>
      remark(undefined, `${one.kind} ${one.name} (not in the files) names ${NOUN[one.to]} ${one.target}, which would be removed`),
    );
  return [...own, ...others];
};
