import type { z } from 'zod';
import type { Digest, Readiness, shownTestPagePlan, TestPagePlan } from '../../contract/readiness.ts';
import { absencesOf } from '../absences/actions.ts';
import { allPolicies, peopleIn, targetsOf } from '../escalation/actions.ts';
import { allPeople, allTeams, type PersonRow } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import { changesOf, journal, THE_ONLY } from '../journal/actions.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid, notFound } from '../platform/errors.ts';
import { schedulesWithTakers } from '../schedules/actions.ts';
import { digestDue, digestOf, nextOf, stateOf, testDue } from './rules.ts';
import * as store from './store.ts';

const SETTINGS = { type: 'settings', id: THE_ONLY } as const;

type Team = Awaited<ReturnType<typeof allTeams>>[number];
type World = { people: PersonRow[]; teams: Team[]; countedBy: Map<string, string[]> };

/** Everybody who is active, the teams, and by name which policies count on whom. */
const worldOf = async (ctx: Ctx): Promise<World> => {
  const [people, teams, schedules] = [await allPeople(ctx), await allTeams(ctx), await schedulesWithTakers(ctx)];
  const countedBy = new Map<string, string[]>();
  for (const policy of await allPolicies(ctx))
    for (const name of peopleIn(targetsOf(policy), teams, schedules))
      countedBy.set(name, [...(countedBy.get(name) ?? []), policy.name]);
  return { people: people.filter((person) => person.active), teams, countedBy };
};
const isIn = (team: Team, person: { name: string }) => team.lead === person.name || team.members.includes(person.name);

/** Whom a plan asks. */
const meantBy = (plan: { team_id: string | null }, { people, teams, countedBy }: World): PersonRow[] => {
  const team = teams.find((one) => one.id === plan.team_id);
  return people.filter((person) => (plan.team_id === null ? countedBy.has(person.name) : team && isIn(team, person)));
};

// ---- who could be reached

/** Everybody who counts: whether each could be reached now, why not, and what the last test showed. Worst first. */
export const readiness = async (ctx: Ctx): Promise<Readiness> => {
  const world = await worldOf(ctx);
  const plans = (await store.plans(ctx)).filter((plan) => plan.enabled);
  const tested = new Set(plans.flatMap((plan) => meantBy(plan, world)).map((person) => person.name));
  const people = world.people.filter((person) => world.countedBy.has(person.name) || tested.has(person.name));
  const ids = people.map((person) => person.id);
  const [settings, reaches, tests] = [
    await paging.readSettings(ctx),
    await paging.reachOf(ctx, ids),
    await paging.lastTests(ctx, ids),
  ];
  const worst = ['unreachable', 'doubtful', 'ready'];
  const shown = people.map((person): Readiness['people'][number] => {
    const test = tests.get(person.id);
    const problems = paging.reachProblems(reaches.get(person.id), settings, test);
    return {
      name: person.name,
      display_name: person.display_name,
      state: stateOf(problems),
      problems,
      last_test: test
        ? {
            at: test.created_at.toString(),
            status: test.status as 'open',
            plan: test.plan,
            confirm_by: test.confirm_by.toString(),
            confirmed_at: test.confirmed_at?.toString() ?? null,
            confirmed_via: test.confirmed_via,
            tried: test.messages.map(({ label, channel, status, error }) => ({
              label,
              channel,
              status: status as 'queued',
              error,
            })),
          }
        : null,
      teams: world.teams.filter((team) => isIn(team, person)).map((team) => team.name),
      policies: world.countedBy.get(person.name) ?? [],
    };
  });
  shown.sort((a, b) => worst.indexOf(a.state) - worst.indexOf(b.state) || a.display_name.localeCompare(b.display_name));
  return { server_time: ctx.now.toString(), people: shown };
};

// ---- test pages by the calendar

const planOf = (row: store.PlanRow): TestPagePlan => ({
  name: row.name,
  ...(row.team ? { team: row.team } : {}),
  week: row.week as 'first',
  day: row.day as 'mon',
  at: row.at,
  confirm_within_hours: row.confirm_within_hours,
  enabled: row.enabled,
});

/** Every plan, whom it asks, when it goes out next, and what became of the last time. */
export const plans = async (ctx: Ctx): Promise<z.input<typeof shownTestPagePlan>[]> => {
  const world = await worldOf(ctx);
  const last = new Map((await paging.lastRuns(ctx)).map((row) => [row.plan, row]));
  return (await store.plans(ctx)).map((row) => {
    const people = meantBy(row, world);
    const plan = planOf(row);
    const next = people.flatMap((person) => nextOf(plan, person.time_zone, ctx.now)?.on ?? []).sort();
    const run = last.get(row.name);
    return {
      ...plan,
      people: people.length,
      next_on: row.enabled ? (next[0] ?? null) : null,
      last: run ? { on: run.on_date, sent: Number(run.sent), confirmed: Number(run.confirmed), open: Number(run.open) } : null,
    };
  });
};

const rowNamed = async (ctx: Ctx, name: string) => (await store.plans(ctx)).find((row) => row.name === name);

/** Makes a plan or brings it to this state; what would have been due before now is not caught up. */
export const savePlan = async (ctx: Ctx, plan: TestPagePlan): Promise<z.input<typeof shownTestPagePlan>> => {
  const before = await rowNamed(ctx, plan.name);
  allow(ctx, 'team.write', plan.team ?? null);
  if (before) allow(ctx, 'team.write', before.team);
  const team = plan.team ? (await allTeams(ctx)).find((one) => one.name === plan.team) : undefined;
  if (plan.team && !team) throw invalid(`there is no team named ${plan.team}`, 'team');
  await store.upsertPlan(ctx, {
    name: plan.name,
    team_id: team?.id ?? null,
    week: plan.week,
    day: plan.day,
    at: plan.at,
    confirm_within_hours: plan.confirm_within_hours,
    enabled: plan.enabled,
    since: ctx.now,
  });
  await journal(ctx, {
    type: 'test_pages.saved',
    subject: SETTINGS,
    text: `The test pages ${plan.name} were ${plan.enabled ? 'planned' : 'switched off'}`,
    data: { plan: plan.name, changes: changesOf(before && planOf(before), plan) },
  });
  return (await plans(ctx)).find((one) => one.name === plan.name) as z.input<typeof shownTestPagePlan>;
};

/** Asks nobody any more by it; what was sent stays. */
export const removePlan = async (ctx: Ctx, name: string): Promise<void> => {
  allow(ctx, 'team.write');
  const before = await rowNamed(ctx, name);
  if (!before) throw notFound(`Test pages ${name}`);
  allow(ctx, 'team.write', before.team);
  await store.deletePlan(ctx, name);
  await journal(ctx, {
    type: 'test_pages.removed',
    subject: SETTINGS,
    text: `The test pages ${name} were removed`,
    data: { plan: name, changes: changesOf(planOf(before), undefined) },
  });
};

/**
 * Sends the test pages that are due on each person's own clock, once a day and person. Nobody is tested at night, in quiet hours,
 * on leave or while a page of theirs is open: those are looked at again until the moment is two days old.
 */
export const sendDue = async (ctx: Ctx): Promise<void> => {
  const enabled = (await store.plans(ctx)).filter((plan) => plan.enabled);
  if (enabled.length === 0) return;
  const world = await worldOf(ctx);
  for (const row of enabled) {
    const due = meantBy(row, world).flatMap((person) => {
      const on_date = testDue({ ...planOf(row), since: row.since }, person.time_zone, ctx.now);
      const awake = on_date && paging.awakeAt(person, ctx.now);
      return awake && Temporal.Instant.compare(awake, ctx.now) <= 0 ? [{ person, on_date }] : [];
    });
    if (due.length === 0) continue;
    const asked = await paging.askedOn(ctx, row.name, [...new Set(due.map((one) => one.on_date))]);
    const left = due.filter((one) => !asked.has(`${one.person.id} ${one.on_date}`));
    const names = left.map((one) => one.person.name);
    const away = await absencesOf(ctx, names, ctx.now, ctx.now.add({ minutes: 1 }));
    const busy = await paging.beingPaged(
      ctx,
      left.map((one) => one.person.id),
    );
    await paging.openTestPages(
      ctx,
      left.filter(
        ({ person }) => !busy.has(person.id) && !(away.get(person.name) ?? []).some((absence) => absence.kind === 'leave'),
      ),
      { plan: row.name, hours: row.confirm_within_hours },
    );
  }
};

// ---- the weekly digest

export const digest = async (ctx: Ctx): Promise<Digest> => {
  const { enabled, day, at } = await store.digest(ctx);
  return { enabled, day: day as 'mon', at };
};
export const saveDigest = async (ctx: Ctx, wanted: Digest): Promise<Digest> => {
  allow(ctx, 'settings.write');
  const before = await digest(ctx);
  await store.setDigest(ctx, { ...wanted, since: ctx.now });
  await journal(ctx, {
    type: 'readiness_digest.saved',
    subject: SETTINGS,
    text: wanted.enabled
      ? `The readiness digest goes out on ${wanted.day} at ${wanted.at}`
      : 'The readiness digest was switched off',
    data: { changes: changesOf(before, wanted) },
  });
  return wanted;
};

/**
 * Mails the digest of the week where it is due: administrators get it about everybody, leads about their teams. Each once, also
 * when the server stood still at that moment; while no mail can leave, it waits.
 */
export const sendDigests = async (ctx: Ctx): Promise<void> => {
  const kept = await store.digest(ctx);
  if (!kept.enabled || Temporal.Instant.compare(kept.since, ctx.now) > 0) return;
  const { people, teams } = { people: (await allPeople(ctx)).filter((person) => person.active), teams: await allTeams(ctx) };
  const due = people.flatMap((person) => {
    const led = teams.filter((team) => team.lead === person.name).map((team) => team.name);
    const all = person.role === 'administrator';
    const on = all || led.length > 0 ? digestDue({ ...kept, day: kept.day as 'mon' }, person.time_zone, ctx.now) : undefined;
    return on ? [{ person, led: all ? undefined : led, on }] : [];
  });
  if (due.length === 0 || !(await paging.canMail(ctx))) return;
  let all: Readiness['people'] | undefined;
  for (const { person, led, on } of due) {
    if (!(await store.takeDigest(ctx, person.id, on))) continue;
    all ??= (await readiness(ctx)).people;
    const list = all.filter((one) => !led || one.teams.some((team) => led.includes(team)));
    if (list.length === 0) continue;
    await paging.noticePeople(ctx, [person], () => ({ ...digestOf(list), path: '/readiness' }));
    await journal(ctx, {
      type: 'person.digest_sent',
      subject: { type: 'person', id: person.id },
      text: `The readiness digest of ${on} goes to ${person.display_name}`,
      data: { on, people: list.length },
    });
  }
};
