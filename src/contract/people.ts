import { z } from 'zod';
import { holidayRegion, hours, instant, slug, timeZone } from './common.ts';

export const channelName = z.enum([
  'email',
  'sms',
  'voice',
  'ntfy',
  'slack',
  'webhook',
  'webpush',
  'pushover',
  'telegram',
  'teams',
  'discord',
  'mattermost',
  'matrix',
]);

export const contactMethod = z.strictObject({
  label: slug.describe('unique for the person, e.g. `phone`'),
  channel: channelName,
  address: z
    .string()
    .min(1)
    .max(2000)
    .describe(
      'mail address, phone number as +31612345678, ntfy topic or URL, Slack member id or mail address, webhook URL, push subscription as JSON, Pushover user key, Telegram chat id, Teams or Discord webhook (its name in the settings, or its URL), @name in Mattermost, Matrix room id',
    ),
  verified: z.boolean().optional().describe('true when a code sent there came back, or an administrator vouches for it'),
});

export const telegramLink = z.object({
  url: z.string().describe('opens the bot in Telegram; pressing Start there adds that chat as a verified contact method'),
  expires_at: instant,
});

export const notificationStep = z.strictObject({
  after_seconds: z.number().int().min(0).max(86_400).default(0).describe('seconds since the person was paged'),
  methods: z.array(slug).min(1).max(10).describe('labels of contact methods, tried together'),
});

export const role = z.enum(['administrator', 'manager', 'responder', 'observer', 'stakeholder']);

export const person = z.strictObject({
  name: slug,
  display_name: z.string().min(1).max(200),
  email: z.email().max(320),
  role: role.default('responder'),
  time_zone: timeZone.default('UTC'),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language tag such as en or nl-NL')
    .default('en'),
  contact_methods: z.array(contactMethod).max(20).default([]).describe('none: the e-mail address is used'),
  notification_rules: z
    .strictObject({ high: z.array(notificationStep).max(20).default([]), low: z.array(notificationStep).max(20).default([]) })
    .default({ high: [], low: [] })
    .describe('none for an urgency: every method at once when high, mail when low'),
  quiet_hours: hours.optional().describe('low-urgency pages wait until these local hours end'),
  holidays: holidayRegion.optional(),
  active: z.boolean().default(true),
});
export type Person = z.infer<typeof person>;

const seconds = z.number().int().nonnegative();
/** Nights are 22:00 to 06:00 on the person's own clocks. */
export const personLoad = z.object({
  person: slug,
  on_call_seconds: seconds.describe('over all schedules; two turns at once count once, shadowing does not'),
  on_call_night_seconds: seconds,
  incidents: z
    .number()
    .int()
    .nonnegative()
    .describe('that a message paged this person for; each counts once, however often it asked'),
  night_incidents: z.number().int().nonnegative().describe('those whose first message came in the night'),
});

export const team = z.strictObject({
  name: slug,
  title: z.string().max(200).default(''),
  lead: slug.optional().describe('person told first when nobody else answers'),
  members: z.array(slug).max(500).default([]),
  grants: z
    .array(z.strictObject({ person: slug, role: z.enum(['manager', 'responder', 'observer']) }))
    .max(500)
    .default([])
    .describe('roles that count only for what this team owns; people need not be members'),
});
export type Team = z.infer<typeof team>;

export const newToken = z.strictObject({
  name: slug.describe('what the token is for'),
  role: role.default('responder'),
  person: slug.optional().describe('acts as this person'),
  expires_at: instant.optional(),
  scopes: z
    .array(z.string().max(100))
    .max(50)
    .optional()
    .describe('permissions the key is limited to, such as `incident.read`; none: all of its role'),
});
