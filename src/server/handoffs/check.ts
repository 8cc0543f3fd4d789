import type { z } from 'zod';
import type { preShiftCheck } from '../../contract/handoff.ts';
import { absencesOf } from '../absences/actions.ts';
import { resolveTargets } from '../escalation/actions.ts';
import { nameOf, peopleNamed, personNamed } from '../identity/actions.ts';
import { newestOf } from '../journal/read.ts';
import { newestPages, reachOf, reachProblems, readSettings } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { countingOn } from './left.ts';
import { linksIn, momentSaid } from './rules.ts';
import { there } from './shown.ts';
import * as store from './store.ts';
import { listed } from './words.ts';

type Check = z.input<typeof preShiftCheck>;
type Item = Check['items'][number];
type Person = Awaited<ReturnType<typeof personNamed>>;

/** A way that worked longer ago than this may have stopped working since. */
const PROVEN_FOR = { hours: 24 * 7 };
/** A shift whose end is not foreseen is looked at this far. */
const LOOK = { hours: 24 * 14 };

/** What whoever comes should see to before the shift: all of it computed, nothing ticked by hand. `asked`: one of those who come; none: who asks, else the first. */
export const checkOf = async (ctx: Ctx, id: string, asked: string | undefined): Promise<Check> => {
  const row = await there(store.byId(ctx, id));
  const own = ctx.actor.kind === 'person' && row.incoming.includes(ctx.actor.name) ? ctx.actor.name : undefined;
  const name = nameOf(ctx, asked, 'person') ?? own ?? row.incoming[0] ?? '';
  if (!row.incoming.includes(name)) throw invalid(`must be one of those who come: ${listed(row.incoming)}`, 'person');
  const person = await personNamed(ctx, name, 'person');
  const { services } = await countingOn(ctx, row);
  const runbooks = services.map((service) => ({
    service: service.name,
    title: service.title,
    description: service.description,
    links: linksIn(service.description),
  }));
  const bare = runbooks.filter((one) => one.links.length === 0).map((one) => one.title || one.service);
  return {
    person: name,
    items: [
      await proof(ctx, person),
      ...(await readiness(ctx, person)),
      await away(ctx, row, person),
      services.length > 0
        ? { id: 'services', state: 'ok', text: `${listed(services.map((one) => one.title || one.name))} may page.`, fix: '' }
        : { id: 'services', state: 'warning', text: 'No service pages this schedule.', fix: 'Name the schedule in a policy.' },
      ...(services.length === 0
        ? []
        : [
            bare.length === 0
              ? ({ id: 'runbooks', state: 'ok', text: 'Every service says where its runbook is.', fix: '' } as const)
              : ({
                  id: 'runbooks',
                  state: 'warning',
                  text: `No link to a runbook: ${listed(bare)}.`,
                  fix: 'Put one into the description of the service.',
                } as const),
          ]),
    ],
    runbooks,
    contacts: await contactsAfter(ctx, row),
  };
};

const isRecent = (at: Temporal.Instant, now: Temporal.Instant) => Temporal.Instant.compare(at, now.subtract(PROVEN_FOR)) >= 0;

/** A test page that a provider took, or a page that was answered, in the last week. */
const proof = async (ctx: Ctx, person: Person): Promise<Item> => {
  const say = (at: Temporal.Instant) => momentSaid(at, person.time_zone, person.locale);
  const { answered } = await newestPages(ctx, [person.id]);
  if (answered && isRecent(answered.created_at, ctx.now))
    return { id: 'test_page', state: 'ok', text: `A page was answered on ${say(answered.created_at)}.`, fix: '' };
  const subject = { type: 'person' as const, id: person.id };
  const test = await newestOf(ctx, subject, ['person.message_sent', 'person.message_failed'], '$ ? (@.kind == "test")');
  const fix = 'Send a test page, and see that it rings.';
  if (!test) return { id: 'test_page', state: 'warning', text: 'No test page was ever sent.', fix };
  const at = Temporal.Instant.from(test.at);
  if (test.type === 'person.message_failed')
    return { id: 'test_page', state: 'error', text: `The last test page failed on ${say(at)}. ${test.text}.`, fix };
  return isRecent(at, ctx.now)
    ? { id: 'test_page', state: 'ok', text: `A test page left on ${say(at)}.`, fix: '' }
    : { id: 'test_page', state: 'warning', text: `The last test page was on ${say(at)}, more than a week ago.`, fix };
};

const readiness = async (ctx: Ctx, person: Person): Promise<Item[]> => {
  const settings = await readSettings(ctx);
  const problems = reachProblems((await reachOf(ctx, [person.id])).get(person.id), settings);
  if (problems.length === 0) return [{ id: 'readiness', state: 'ok', text: 'More than one way reaches you.', fix: '' }];
  return problems.map(({ level, problem, remedy }) => ({
    id: 'readiness',
    state: level,
    text: `${person.display_name} ${problem.replace(/^none of her channels has/, 'has no channel that has')}.`,
    fix: `${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}.`,
  }));
};

const away = async (ctx: Ctx, row: store.Row, person: Person): Promise<Item> => {
  const found = (await absencesOf(ctx, [person.name], row.at, row.until ?? row.at.add(LOOK))).get(person.name) ?? [];
  const leave = found.find((one) => one.kind === 'leave') ?? found[0];
  if (!leave) return { id: 'leave', state: 'ok', text: 'No leave and no public holiday is in this shift.', fix: '' };
  const when = momentSaid(Temporal.Instant.fromEpochMilliseconds(leave.start), person.time_zone, person.locale);
  return leave.kind === 'leave'
    ? { id: 'leave', state: 'error', text: `Leave from ${when} is in this shift.`, fix: 'Ask for cover.' }
    : {
        id: 'leave',
        state: 'warning',
        text: `A public holiday from ${when} is in this shift.`,
        fix: 'Ask for cover, or keep it.',
      };
};

/** Whom each policy pages after this role, as the schedules stand when the shift begins. Takes no turn of a round robin. */
const contactsAfter = async (ctx: Ctx, row: store.Row): Promise<Check['contacts']> => {
  const then: Ctx = { ...ctx, now: Temporal.Instant.compare(row.at, ctx.now) > 0 ? row.at : ctx.now };
  const { policies } = await countingOn(ctx, row);
  const out: Check['contacts'] = [];
  for (const policy of policies) {
    const first = policy.steps.findIndex((step) =>
      step.targets.some(
        (target) => 'schedule' in target && target.schedule === row.schedule && (!target.role || target.role === row.role),
      ),
    );
    if (first < 0) continue;
    const next: Check['contacts'][number]['next'] = [];
    let after = 0;
    const later = [
      ...policy.steps
        .slice(first + 1)
        .map((step, index) => ({ step: first + index + 2, targets: step.targets, from: first + index })),
      ...(policy.fallback ? [{ step: null, targets: [policy.fallback], from: policy.steps.length - 1 }] : []),
    ];
    for (const { step, targets, from } of later) {
      after += policy.steps[from]?.escalate_after_seconds ?? 0;
      const found = await resolveTargets(
        then,
        targets,
        { policy: policy.name, step: (step ?? policy.steps.length + 1) - 1 },
        true,
      );
      const names = new Map(
        (
          await peopleNamed(
            ctx,
            found.people.map((one) => one.name),
          )
        ).map((one) => [one.name, one.display_name]),
      );
      next.push({
        step,
        after_seconds: step === null ? after * (policy.repeat + 1) : after,
        people: found.people.map(({ name, reason }) => ({ name, display_name: names.get(name) ?? name, reason })),
        places: found.places.map((place) => place.channel),
      });
    }
    out.push({ policy: policy.name, title: policy.title, next });
  }
  return out;
};
