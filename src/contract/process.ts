import { z } from 'zod';
import { slug, timeZone } from './common.ts';
import { escalationPolicy } from './escalation.ts';
import { person, team } from './people.ts';
import { schedule } from './schedule.ts';
import { integration, routingRule, service } from './service.ts';
import { settings } from './settings.ts';
import { silence } from './silence.ts';

const words = z.string().min(1).max(1000);
const text = z.string().max(20_000);
const orOne = <T extends z.ZodType<string>>(item: T, most: number) =>
  z.union([z.array(item).max(most), item.transform((one) => [one])], { error: 'a list, or one text' });
const lines = orOne(text.min(1), 200);
const count = z.number().int().min(0);
const seconds = count.max(10 * 365 * 86_400);
const date = z.iso.date({ error: 'a date such as 2026-03-01' });

/** `${env:NAME}`: the server reads it from its own environment. */
export const ENV_REFERENCE = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}$/;
const reference = z.string().regex(ENV_REFERENCE, 'a reference such as ${env:NAME}');

export const severityLevel = z
  .strictObject({
    level: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$/, 'a short level such as SEV-1')
      .describe('unique; the list goes from worst to least'),
    name: z.string().max(200).default('').describe('e.g. Critical'),
    description: text.default(''),
    response_time: words.optional().describe('in words: `5 minutes`, `Next business day`'),
    response_seconds: seconds.optional().describe('what the words say; worked out when absent'),
    response_business_days: count.max(366).optional(),
    communication: words.optional().describe('in words: `Every 15 minutes`, `Daily update`'),
    update_every_seconds: seconds.optional().describe('what the words say; worked out when absent'),
    update_every_business_days: count.max(366).optional(),
    target_resolution: words.optional().describe('in words: `4 hours`'),
    target_resolution_seconds: seconds.optional(),
    target_resolution_business_days: count.max(366).optional(),
    escalation: words.optional().describe('who is told, e.g. `VP of Engineering notified`'),
    paging: words.optional().describe('who is paged and when'),
    roles_required: orOne(words, 50).prefault([]),
    postmortem_required: z.boolean().optional(),
    customer_notice: words.optional(),
    examples: lines.prefault([]),
  })
  .describe('one level of the severity scheme');
export type SeverityLevel = z.infer<typeof severityLevel>;

export const severityScheme = z.strictObject({ items: z.array(severityLevel).max(50).describe('from worst to least') });

const presetId = z.enum(['sev-1-to-4', 'p0-to-p3', 'target-resolution']);
export const severityPreset = z.strictObject({ preset: presetId });
export const severityPresets = z.object({
  items: z.array(
    z.object({
      id: presetId,
      title: z.string(),
      description: z.string(),
      levels: z.array(severityLevel),
      chosen: z.boolean().describe('it is in force, unchanged'),
    }),
  ),
});

const roleFields = {
  title: z.string().max(200).default(''),
  responsibilities: lines.prefault([]),
  must_not: lines.prefault([]),
  who: z
    .union([words, z.array(words).max(100)], { error: 'text, or a list of texts' })
    .optional()
    .describe('who takes it; a name of people is used by the short `schedule:`'),
};
export const responseRole = z.strictObject({ name: slug, ...roleFields }).describe('a role in an incident');

export type ResponseRole = z.infer<typeof responseRole>;
export const responseRoles = z.strictObject({ items: z.array(responseRole).max(100) });

const templateFields = {
  title: z.string().max(200).default(''),
  subject: words.optional(),
  body: text.default(''),
  fields: z.array(words).max(100).default([]),
};
const messageTemplate = z.strictObject({ name: slug, ...templateFields }).describe('a message with blanks');

const actionItem = z.strictObject({
  description: text.min(1),
  owner: words.optional(),
  priority: words.optional(),
  due_date: words.optional(),
  status: words.optional(),
  link: words.optional(),
});
const postmortemDocument = z
  .strictObject({
    name: slug.optional().describe('made of the date and title when absent'),
    title: words,
    date: words.optional().describe('of the incident, as 2026-03-01; the day its first timeline entry is on'),
    severity: words.optional(),
    duration: words.optional().describe('in words: `47 minutes`'),
    duration_seconds: seconds.optional(),
    authors: orOne(words, 100).prefault([]),
    summary: text.default(''),
    impact: z
      .union([text, lines, z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), lines]))], {
        error: 'text, a list, or a map',
      })
      .optional(),
    timeline: z
      .array(
        z.strictObject({
          time: words.describe('in words: `14:02 UTC`'),
          at: z.iso.datetime({ offset: true }).optional().describe('what the words say; worked out when absent'),
          event: text,
        }),
      )
      .max(1000)
      .default([]),
    detection: text.optional(),
    response: text.optional(),
    root_cause: text.optional(),
    contributing_factors: lines.prefault([]),
    five_whys: lines.prefault([]),
    what_went_well: lines.prefault([]),
    what_could_improve: lines.prefault([]),
    lessons: lines.prefault([]),
    action_items: z
      .array(
        z.union([actionItem, text.min(1).transform((description): z.infer<typeof actionItem> => ({ description }))], {
          error: 'a map with description, or one text',
        }),
      )
      .max(200)
      .default([]),
  })
  .describe('what was learned from an incident');
export type PostmortemDocument = z.infer<typeof postmortemDocument>;

const schedulePolicies = schedule.shape.policies.unwrap();
const afterHours = z.json().describe('how on-call work out of hours is made good; kept as written');
export const keptSchedule = schedule.safeExtend({
  policies: schedulePolicies
    .extend({ after_hours_comp: afterHours.optional() })
    .default({ max_consecutive_days: 7, min_gap_days: 14, min_rotation_size: 4 }),
});
export type KeptSchedule = z.infer<typeof keptSchedule>;
export const keptPolicy = escalationPolicy.extend({
  unresolved_roles: z
    .array(words)
    .max(50)
    .default([])
    .describe('roles of a short form that name nobody here; kept, pages nobody'),
});
export type KeptPolicy = z.infer<typeof keptPolicy>;
const keptIntegration = integration.extend({
  key: z
    .union([integration.shape.key.unwrap(), reference], {
      error: '8 to 64 letters, digits, dashes or underscores, or a reference such as ${env:NAME}',
    })
    .optional(),
});
const namedSilence = silence.extend({ name: slug.describe('silences in files need a name') });

const names = z.union([words, z.array(words).min(1).max(20)], { error: 'a person, or a list of people' });
const turn = z.strictObject({ primary: names, secondary: names.optional(), tertiary: names.optional() });
const chainLink = z.strictObject({
  role: words.describe('secondary, team_lead, engineering_manager …'),
  person: words.optional(),
  team: slug.optional(),
  timeout_minutes: z.number().min(0).max(10_080).optional(),
});
const shortSchedule = z
  .object({
    name: slug.optional().describe('none: made of the title, or on-call'),
    title: z.string().max(200).optional(),
    rotation: words.default('weekly').describe('weekly, daily, monthly, every 2 weeks …'),
    handoff_day: words.optional().describe('Monday'),
    handoff_time: words.default('09:00').describe('10:00 AM UTC, 09:00 Europe/Berlin …'),
    time_zone: timeZone.optional(),
    starts: date
      .optional()
      .describe('the day on which week_1 first begins; none: the last handoff day before it is first applied'),
    team: slug.optional().describe('whose lead team_lead means'),
    escalation: z
      .strictObject({
        timeout_minutes: z.number().min(0).max(10_080).default(5),
        chain: z
          .array(z.union([words, chainLink], { error: 'a role, or a map with role' }))
          .max(49)
          .default([]),
      })
      .optional(),
    policies: schedulePolicies.partial().extend({ after_hours_comp: afterHours.optional() }).optional(),
  })
  .catchall(turn)
  .describe('a rotation as wikis write it: week_1, week_2 … with primary and secondary');
export type ShortSchedule = z.infer<typeof shortSchedule>;

const list = <T extends z.ZodType>(item: T) => z.array(item).max(10_000);

/** What each top-level key holds, as a list; `SHORT_MAPS` and `SHORT_KEYS` are read as well. */
export const SECTIONS = {
  people: list(person),
  teams: list(team),
  schedules: list(keptSchedule),
  escalation_policies: list(keptPolicy),
  services: list(service),
  integrations: list(keptIntegration),
  routing: list(routingRule),
  silences: list(namedSilence),
  settings,
  severities: list(severityLevel),
  roles: list(responseRole),
  templates: list(messageTemplate),
  postmortems: list(postmortemDocument),
};
export const SHORT_MAPS = {
  roles: z.record(z.string(), z.strictObject(roleFields)).describe('by name'),
  templates: z
    .record(z.string(), z.union([text, z.strictObject(templateFields)], { error: 'the text, or a map with body' }))
    .describe('by name'),
};
export const SHORT_KEYS = { schedule: shortSchedule, postmortem: postmortemDocument };

export type Kind = keyof typeof SECTIONS;

const optional = <T extends z.ZodType>(schema: T) => schema.optional();
/** One file. A key that is present speaks for its whole kind; a key that is absent leaves its kind alone. */
export const processFile = z
  .strictObject({
    people: optional(SECTIONS.people),
    teams: optional(SECTIONS.teams),
    schedules: optional(SECTIONS.schedules),
    escalation_policies: optional(SECTIONS.escalation_policies),
    services: optional(SECTIONS.services),
    integrations: optional(SECTIONS.integrations),
    routing: optional(SECTIONS.routing),
    silences: optional(SECTIONS.silences),
    settings: optional(SECTIONS.settings),
    severities: optional(SECTIONS.severities),
    roles: optional(z.union([SECTIONS.roles, SHORT_MAPS.roles])),
    templates: optional(z.union([SECTIONS.templates, SHORT_MAPS.templates])),
    postmortems: optional(SECTIONS.postmortems),
    schedule: optional(shortSchedule),
    postmortem: optional(postmortemDocument),
  })
  .describe("An organisation's incident process, as Allclear reads it");

/** Everything the files speak of, in long form. */
export type ProcessDocument = { [K in Exclude<Kind, 'settings'>]: z.infer<(typeof SECTIONS)[K]> } & {
  settings: z.infer<typeof settings> | undefined;
};

/** JSON Schema (draft 2020-12) of a file, for editors. */
export const processJsonSchema = (): Record<string, unknown> => ({
  title: 'Allclear process file',
  ...z.toJSONSchema(processFile, { io: 'input', unrepresentable: 'any' }),
  patternProperties: { '^x-': { description: 'yours, for anchors; ignored' } },
});

export const processInput = z.strictObject({
  files: z
    .array(z.strictObject({ name: z.string().min(1).max(500).describe('shown in errors'), text: z.string() }))
    .min(1)
    .max(500),
  prune: z.boolean().default(false).describe('remove what a present key does not list'),
});
export const applyInput = processInput.extend({
  allow_unpaged: z.boolean().default(false).describe('accept services that would page nobody'),
});

const remark = z.object({
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  message: z.string(),
});
export type Remark = z.infer<typeof remark>;
const fieldChange = z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() });
const plannedChange = z.object({
  kind: z.string(),
  name: z.string(),
  change: z.enum(['create', 'update', 'delete', 'keep']),
  fields: z.array(fieldChange).describe('secrets read as …'),
  note: z.string().optional(),
});
export const planResult = z.object({
  has_changes: z.boolean(),
  changes: z.array(plannedChange),
  text: z.string().describe('the plan for people to read'),
  problems: z.array(remark).describe('apply refuses these'),
  pages_nobody: z.array(remark).describe('apply refuses these unless allow_unpaged is true'),
  warnings: z.array(remark),
});
export type PlanResult = z.infer<typeof planResult>;
