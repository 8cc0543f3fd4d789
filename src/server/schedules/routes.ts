import { z } from 'zod';
import { coverProposals } from '../../contract/absence.ts';
import { instant, listOf, search, slug, who } from '../../contract/common.ts';
import { override, schedule, scheduleWarning, shift, shiftAnywhere } from '../../contract/schedule.ts';
import { scheduleTimeline } from '../../contract/timeline.ts';
import { nameOf, personByCalendarSecret } from '../identity/actions.ts';
import { lastChange } from '../journal/read.ts';
import { SYSTEM } from '../platform/ctx.ts';
import type { Http } from '../platform/http.ts';
import { matchesText } from '../platform/matching.ts';
import { fromZod } from '../platform/problems.ts';
import type { Runner } from '../platform/runner.ts';
import * as schedules from './actions.ts';
import { shiftsEverywhere } from './shift-list.ts';

const named = z.object({ name: slug });
const window = z.object({
  from: instant.optional().describe('none: now'),
  to: instant.optional().describe('none: 30 days after `from`'),
});
const saved = z.object({ name: z.string(), calendar_url: z.string(), warnings: z.array(scheduleWarning) });
const onCallRow = z.object({
  schedule: z.string(),
  person: z.string(),
  role: z.string(),
  shadow: z.boolean(),
  since: z.string(),
  until: z.string().nullable(),
  reason: z.string(),
});

const span = (query: z.output<typeof window>, now: Temporal.Instant) => {
  const from = query.from ? Temporal.Instant.from(query.from) : now;
  return { from, to: query.to ? Temporal.Instant.from(query.to) : from.add({ hours: 24 * 30 }) };
};
const warningOf = (warning: schedules.ScheduleWarning): z.input<typeof scheduleWarning> => ({
  ...warning,
  from: warning.from.toString(),
  to: warning.to.toString(),
});

export const scheduleRoutes = ({ route, app }: Http, runner: Runner): void => {
  route(
    {
      method: 'get',
      path: '/api/schedules',
      summary: 'All schedules',
      tag: 'Schedules',
      permission: 'configuration.read',
      query: z.object({ q: search }),
      result: listOf(schedule),
    },
    async (ctx, { query }) => ({
      items: (await schedules.allSchedules(ctx)).filter((one) =>
        matchesText(query.q, one.name, one.title, one.team, ...one.layers.flatMap((layer) => layer.participants.flat())),
      ),
    }),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}',
      summary: 'One schedule, as it is or as it stood at a moment',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      query: z.object({ at: instant.optional().describe('as it stood then, also one that is removed since; none: as it is') }),
      result: schedule,
      changed: async (ctx, { name }) => lastChange(ctx, { type: 'schedule', id: (await schedules.scheduleNamed(ctx, name)).id }),
    },
    async (ctx, { params, query }) =>
      query.at
        ? schedules.scheduleAt(ctx, params.name, Temporal.Instant.from(query.at))
        : (await schedules.scheduleNamed(ctx, params.name)).definition,
  );
  route(
    {
      method: 'put',
      path: '/api/schedules/{name}',
      summary: 'Create a schedule or bring it to this state; answers with policy warnings',
      tag: 'Schedules',
      params: named,
      body: z.looseObject({}),
      result: saved,
    },
    async (ctx, { params, body }) => {
      const input = parseSchedule({ ...body, name: params.name });
      const warnings = (await schedules.saveSchedule(ctx, input)).map(warningOf);
      return { name: params.name, calendar_url: `${ctx.publicUrl}${await schedules.calendarPath(ctx, params.name)}`, warnings };
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/schedules/{name}',
      summary: 'Remove a schedule nothing counts on',
      tag: 'Schedules',
      params: named,
    },
    (ctx, { params }) => schedules.removeSchedule(ctx, params.name),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/calendar',
      summary: 'The secret address under which calendar programs read the schedule',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      result: z.object({ calendar_url: z.string() }),
    },
    async (ctx, { params }) => ({ calendar_url: `${ctx.publicUrl}${await schedules.calendarPath(ctx, params.name)}` }),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/shifts',
      summary: 'Who is on call in a window, with gaps and policy warnings',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      query: window,
      result: z.object({
        items: z.array(shift),
        gaps: z.array(z.object({ starts: z.string(), ends: z.string() })),
        warnings: z.array(scheduleWarning),
      }),
    },
    async (ctx, { params, query }) => {
      const { from, to } = span(query, ctx.now);
      const items = (await schedules.shifts(ctx, params.name, from, to)).map(({ start, end, ...rest }) => ({
        ...rest,
        starts: start.toString(),
        ends: end.toString(),
      }));
      const gaps = (await schedules.gaps(ctx, params.name, from, to)).map((gap) => ({
        starts: gap.start.toString(),
        ends: gap.end.toString(),
      }));
      return { items, gaps, warnings: (await schedules.warningsOf(ctx, params.name)).map(warningOf) };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/timeline',
      summary: 'A schedule in a window, layer by layer, with overrides, final shifts and gaps, each with its reason',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      query: window,
      result: scheduleTimeline,
    },
    (ctx, { params, query }) => schedules.timeline(ctx, params.name, schedules.windowOf(query, ctx.now)),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/cover-proposals',
      summary: 'Who would cover a stretch of a schedule, the fairest first, and why the others would not',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      query: z.object({
        person: who.describe('who needs cover, or `me`; none: whoever is primary then'),
        from: instant,
        to: instant,
      }),
      result: coverProposals,
    },
    (ctx, { params, query }) =>
      schedules.coverProposalsOf(ctx, params.name, {
        person: nameOf(ctx, query.person, 'person'),
        from: Temporal.Instant.from(query.from),
        to: Temporal.Instant.from(query.to),
      }),
  );
  route(
    {
      method: 'get',
      path: '/api/schedules/{name}/overrides',
      summary: 'Overrides that touch a window',
      tag: 'Schedules',
      permission: 'configuration.read',
      params: named,
      query: window,
      result: listOf(z.object({ ...override.shape })),
    },
    async (ctx, { params, query }) => {
      const { from, to } = span(query, ctx.now);
      return {
        items: (await schedules.overridesOf(ctx, params.name, from, to)).map((row) => ({
          ...row,
          starts: row.starts.toString(),
          ends: row.ends.toString(),
        })),
      };
    },
  );
  route(
    {
      method: 'post',
      path: '/api/schedules/{name}/overrides',
      summary: 'Replace, add or remove someone for a while; takes effect mid-shift and mid-escalation',
      tag: 'Schedules',
      params: named,
      body: z.looseObject({}),
      result: z.object({ id: z.string() }),
      status: 201,
    },
    async (ctx, { params, body }) => {
      const { id: _, ...input } = parseOverride({ ...body, id: 'new' });
      return { id: await schedules.addOverride(ctx, params.name, input) };
    },
  );
  route(
    {
      method: 'delete',
      path: '/api/schedules/{name}/overrides/{id}',
      summary: 'Take an override back: one that runs ends now',
      tag: 'Schedules',
      params: named.extend({ id: z.uuid() }),
    },
    (ctx, { params }) => schedules.removeOverride(ctx, params.name, params.id),
  );
  route(
    {
      method: 'get',
      path: '/api/shifts',
      summary: 'Shifts of every schedule that touch a window, whole, in order of start; of one person or team, or of all',
      tag: 'Schedules',
      permission: 'incident.read',
      query: window.extend({
        person: who.describe('a person, or `me`'),
        team: slug.optional().describe('owner of the schedules'),
      }),
      result: z.object({ items: z.array(shiftAnywhere), more: z.boolean().describe('there are more than these 2,000') }),
    },
    (ctx, { query }) => {
      const { from, to } = span(query, ctx.now);
      return shiftsEverywhere(ctx, { person: nameOf(ctx, query.person, 'person'), team: query.team }, from, to);
    },
  );
  route(
    {
      method: 'get',
      path: '/api/on-call',
      summary: 'Who is on call now, or was or will be at a moment; the past by what each schedule said then',
      tag: 'Schedules',
      permission: 'incident.read',
      query: z.object({ at: instant.optional() }),
      result: listOf(onCallRow).extend({
        unknown: z
          .array(z.object({ schedule: z.string(), since: z.string() }))
          .describe('schedules of which nothing is kept so far back, and from when it is'),
      }),
    },
    async (ctx, { query }) => {
      const at = query.at ? Temporal.Instant.from(query.at) : ctx.now;
      const { entries, unknown } =
        Temporal.Instant.compare(at, ctx.now) < 0
          ? await schedules.onCallThen(ctx, at)
          : { entries: await schedules.onCallEverywhere(ctx, at), unknown: [] };
      return {
        items: entries.map((row) => ({
          schedule: row.schedule,
          person: row.person,
          role: row.role,
          shadow: row.shadow,
          since: row.since.toString(),
          until: row.until?.toString() ?? null,
          reason: row.reason,
        })),
        unknown: unknown.map(({ schedule, since }) => ({ schedule, since: since.toString() })),
      };
    },
  );

  // Calendar programs cannot send headers: the address is the secret.
  app.get('/calendar/:file', async (c) => {
    const secret = c.req.param('file').replace(/\.ics$/, '');
    const text = await runner.transaction(SYSTEM('calendar'), 'calendar', async (ctx) => {
      const person = await personByCalendarSecret(ctx, secret);
      return person ? schedules.personFeed(ctx, person) : schedules.scheduleFeed(ctx, secret);
    });
    if (!text) return c.text('No calendar is at this address. Its owner may have made a new one.', 404);
    const etag = `"${Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text.replace(/^DTSTAMP:.*$/gm, ''))),
    )
      .toString('base64url')
      .slice(0, 27)}"`;
    if (c.req.header('if-none-match') === etag) return c.body(null, 304);
    return c.body(text, 200, { 'content-type': 'text/calendar; charset=utf-8', etag, 'cache-control': 'private, max-age=300' });
  });
};

const parseSchedule = (value: unknown) => {
  const result = schedule.safeParse(value);
  if (!result.success) throw fromZod(result.error);
  return result.data;
};
const parseOverride = (value: unknown) => {
  const result = override.safeParse(value);
  if (!result.success) throw fromZod(result.error);
  return result.data;
};
