import { z } from 'zod';
import { instant, slug } from './common.ts';
import { onCallRole } from './schedule.ts';

export const handoffState = z
  .enum(['open', 'confirmed', 'lapsed', 'withdrawn'])
  .describe(
    'lapsed: nobody confirmed, and another is on call since; withdrawn: the schedule was changed, and this change of people is none any more',
  );

/** One change of people in one role of a schedule. */
export const handoff = z.object({
  id: z.string(),
  schedule: slug,
  title: z.string().describe('of the schedule'),
  time_zone: z.string().describe('of the schedule'),
  role: onCallRole,
  at: z.string().describe('when whoever comes begins'),
  until: z.string().nullable().describe('when whoever comes ends, as things stand; null: not foreseen'),
  outgoing: z.array(slug).describe('empty: nobody was on call in the two weeks before'),
  outgoing_until: z.string().nullable().describe('before `at` where nobody is on call in between'),
  incoming: z.array(slug).describe('any one of them confirms'),
  state: handoffState,
  confirmed_by: slug.nullable(),
  ended_at: z.string().nullable().describe('when it was confirmed, lapsed or withdrawn'),
  confirm_from: z.string().describe('not before'),
  remind_at: z.string().describe('unconfirmed then: whoever comes is reminded'),
  reminded_at: z.string().nullable(),
  escalate_at: z.string().describe('unconfirmed then: the lead of the team is told, and whoever went'),
  escalated_at: z.string().nullable(),
  note_version: z.number().int().describe('counts the changes of the note; 0: nobody has written one'),
});

const leftIncident = z.object({
  number: z.string(),
  title: z.string(),
  service: slug,
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  status: z.string(),
  opened_at: z.string(),
});
const leftBehind = z
  .object({
    at: z.string().describe('when it was gathered'),
    services: z.array(slug).describe('those whose policy pages this role of the schedule'),
    open_incidents: z.object({ total: z.number().int(), items: z.array(leftIncident).describe('the newest 20') }),
    pages: z.object({
      total: z.number().int().describe('messages of a page count as one; of the seven days before'),
      incidents: z.number().int(),
      items: z
        .array(leftIncident.extend({ pages: z.number().int(), last_at: z.string() }))
        .describe('the 20 that paged most often'),
    }),
    silences: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        comment: z.string(),
        services: z.array(slug).describe('empty: whatever fits its matchers'),
        until: z.string(),
      }),
    ),
  })
  .describe('gathered when read; as it was, once confirmed');
export type LeftBehind = z.infer<typeof leftBehind>;

export const handoffDetail = handoff.extend({
  note: z.string().describe('what whoever goes wants watched'),
  note_by: z.string().nullable(),
  note_at: z.string().nullable(),
  before: z
    .object({ id: z.string(), at: z.string(), note: z.string(), note_by: z.string().nullable() })
    .nullable()
    .describe('what was left to watch at the change before, where something was'),
  left: leftBehind,
  may_write: z.boolean().describe('whoever asks: one of the two sides, or a manager of the schedule, while it is open'),
  timeline: z.array(z.object({ at: z.string(), actor: z.string(), text: z.string() })).describe('newest first'),
});

export const handoffNote = z.strictObject({ note: z.string().trim().max(10_000) });
export const confirmHandoff = z.strictObject({
  note_version: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('of the note that was read: refused when it was changed since; none: whatever it says'),
});

const checkItem = z.object({
  id: z.enum(['test_page', 'readiness', 'leave', 'services', 'runbooks']),
  state: z.enum(['ok', 'warning', 'error']),
  text: z.string().describe('a sentence that says why'),
  fix: z.string().describe('what to do; empty: nothing'),
});
export const preShiftCheck = z.object({
  person: slug.describe('whose shift it is'),
  items: z.array(checkItem).describe('all computed: nothing is ticked by hand'),
  runbooks: z
    .array(
      z.object({
        service: slug,
        title: z.string(),
        description: z.string(),
        links: z.array(z.string()).describe('in its description'),
      }),
    )
    .describe('of every service that pages this role'),
  contacts: z
    .array(
      z.object({
        policy: slug,
        title: z.string(),
        next: z.array(
          z.object({
            step: z.number().int().nullable().describe('counted from 1; null: the fallback'),
            after_seconds: z.number().int().describe('unanswered since the page to this schedule'),
            people: z.array(z.object({ name: slug, display_name: z.string(), reason: z.string() })),
            places: z.array(z.string()).describe('channels of addresses that are nobody'),
          }),
        ),
      }),
    )
    .describe('who is paged after this role, when the shift begins'),
});

const noticeBy = z
  .union([z.enum(['mail', 'usual', 'none']), z.strictObject({ method: slug.describe('label of a contact method') })])
  .describe('usual: the first way of the rules for low urgency that does not ring, else mail');
export const handoffNotices = z.strictObject({
  lead_hours: z.number().int().min(1).max(168).default(24).describe('how long before a change it is told'),
  before_by: noticeBy.default('mail'),
  change_by: noticeBy.default('usual').describe('when the change comes, and for reminders; none: reminders come by mail'),
});
export type HandoffNotices = z.infer<typeof handoffNotices>;

export const handoffQuery = z.object({
  person: z
    .union([z.literal('me'), slug])
    .optional()
    .describe('on either side'),
  schedule: slug.optional(),
  open: z.stringbool().optional().describe('only those that wait for somebody to confirm'),
  from: instant.optional().describe('changes from then on; none: the last 30 days'),
});
