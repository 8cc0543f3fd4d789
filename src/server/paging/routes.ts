import { z } from 'zod';
import { listOf, pageQuery, search, slug } from '../../contract/common.ts';
import { journalEntry } from '../../contract/incident.ts';
import { channelName, contactMethod, notificationStep, person, personLoad, telegramLink } from '../../contract/people.ts';
import { channelState, channelTest, channelTested, settings } from '../../contract/settings.ts';
import { webPushKey } from '../../contract/web-push.ts';
import { wordingShown, wordingTried, wordingTry } from '../../contract/wording.ts';
import { allPeople, type PersonRow, personNamed, removePerson, savePerson } from '../identity/actions.ts';
import { THE_ONLY } from '../journal/actions.ts';
import { lastChange, timeline } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import type { Http } from '../platform/http.ts';
import { matchesText } from '../platform/matching.ts';
import * as paging from './actions.ts';

const named = z.object({ name: slug });
const method = named.extend({ label: slug });
const shown = person.extend({
  contact_methods: z.array(contactMethod),
  problems: z.array(z.string()).describe('methods a provider has given up on, and why'),
  calendar_url: z.string().nullable(),
});
const reach = z.strictObject({
  contact_methods: z.array(contactMethod).max(20),
  notification_rules: z
    .strictObject({ high: z.array(notificationStep).max(20).default([]), low: z.array(notificationStep).max(20).default([]) })
    .default({ high: [], low: [] }),
});

const shownReach = shown.pick({ contact_methods: true, notification_rules: true, problems: true });
/** Of how she is reached what somebody decides; that a code came back or a provider gave up stands in nobody's way. */
const decided = ({
  contact_methods,
  notification_rules,
}: Pick<z.input<typeof shown>, 'contact_methods' | 'notification_rules'>) => ({
  contact_methods: contact_methods.map(({ label, channel, address }) => ({ label, channel, address })),
  notification_rules,
});

const shownOf = async (ctx: Ctx, rows: PersonRow[]): Promise<z.input<typeof shown>[]> => {
  const reaches = await paging.reachOf(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const own = ctx.actor.kind === 'person' && ctx.actor.id === row.id;
    const mayAll = 'role' in ctx.actor && ctx.actor.role === 'administrator';
    const found = reaches.get(row.id);
    return {
      name: row.name,
      display_name: row.display_name,
      email: row.email,
      role: row.role as 'responder',
      time_zone: row.time_zone,
      locale: row.locale,
      ...(row.quiet_hours ? { quiet_hours: row.quiet_hours } : {}),
      ...(row.holidays ? { holidays: row.holidays } : {}),
      active: row.active,
      contact_methods: found?.contact_methods ?? [],
      notification_rules: found?.notification_rules ?? { high: [], low: [] },
      problems: found?.problems ?? [],
      // The address of her calendar is a secret of hers.
      calendar_url: own || mayAll ? `${ctx.publicUrl}/calendar/${row.calendar_secret}.ics` : null,
    };
  });
};

export const pagingRoutes = ({ route, twoStep }: Http): void => {
  route(
    {
      method: 'get',
      path: '/api/people',
      summary: 'Everyone, and how each is reached',
      tag: 'People',
      permission: 'configuration.read',
      query: z.object({ q: search }),
      result: listOf(shown),
    },
    async (ctx, { query }) => {
      const fitting = (await allPeople(ctx)).filter((row) =>
        matchesText(query.q, row.name, row.display_name, row.email, row.role),
      );
      return { items: await shownOf(ctx, fitting) };
    },
  );
  route(
    {
      method: 'get',
      path: '/api/people/{name}',
      summary: 'One person',
      tag: 'People',
      permission: 'configuration.read',
      params: named,
      result: shown,
      compared: ({ problems: _problems, calendar_url: _secret, ...own }) => ({ ...own, ...decided(own) }),
      changed: async (ctx, { name }) => lastChange(ctx, { type: 'person', id: (await personNamed(ctx, name)).id }),
    },
    async (ctx, { params }) => {
      const [row] = await shownOf(ctx, [await personNamed(ctx, params.name)]);
      return row;
    },
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}',
      summary: 'Create a person or bring her to this state',
      tag: 'People',
      params: named,
      body: person.omit({ name: true }),
      result: shown,
    },
    async (ctx, { params, body }) => {
      const { contact_methods, notification_rules, ...rest } = body;
      await savePerson(ctx, { ...rest, name: params.name });
      await paging.saveReach(ctx, params.name, { contact_methods, notification_rules });
      const [row] = await shownOf(ctx, [await personNamed(ctx, params.name)]);
      return row;
    },
  );
  route(
    {
      method: 'get',
      path: '/api/load',
      summary: 'How much each person was on call and paged in the days before now',
      tag: 'People',
      permission: 'configuration.read',
      query: z.object({ days: z.coerce.number().int().min(1).max(366).default(28) }),
      result: listOf(personLoad),
    },
    async (ctx, { query }) => ({ items: await paging.loadOfPeople(ctx, query.days) }),
  );
  route(
    {
      method: 'delete',
      path: '/api/people/{name}',
      summary: 'Deactivate someone nothing counts on; her history stays',
      tag: 'People',
      params: named,
    },
    (ctx, { params }) => removePerson(ctx, params.name),
  );
  route(
    {
      method: 'get',
      path: '/api/people/{name}/reach',
      summary: 'How a person is reached',
      tag: 'People',
      permission: 'configuration.read',
      params: named,
      result: shownReach,
      compared: decided,
      changed: async (ctx, { name }) =>
        lastChange(ctx, { type: 'person', id: (await personNamed(ctx, name)).id }, ['reach_saved']),
    },
    async (ctx, { params }) => {
      const { id } = await personNamed(ctx, params.name);
      return (await paging.reachOf(ctx, [id])).get(id);
    },
  );
  route(
    {
      method: 'put',
      path: '/api/people/{name}/reach',
      summary: 'How a person is reached; everyone may change her own',
      tag: 'People',
      params: named,
      body: reach,
      result: shown,
    },
    async (ctx, { params, body }) => {
      await paging.saveReach(ctx, params.name, body);
      const [row] = await shownOf(ctx, [await personNamed(ctx, params.name)]);
      return row;
    },
  );
  route(
    {
      method: 'get',
      path: '/api/people/{name}/journal',
      summary: 'What happened to a person: codes, test pages, changes',
      tag: 'People',
      permission: 'journal.read',
      params: named,
      query: pageQuery,
      result: listOf(journalEntry),
    },
    async (ctx, { params, query }) =>
      timeline(ctx, { type: 'person', id: (await personNamed(ctx, params.name)).id }, query.cursor, query.limit),
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/contact-methods/{label}/send-code',
      summary: 'Send a verification code',
      tag: 'People',
      params: method,
    },
    (ctx, { params }) => paging.sendCode(ctx, params.name, params.label),
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/contact-methods/{label}/verify',
      summary: 'The code that came back',
      tag: 'People',
      params: method,
      body: z.strictObject({ code: z.string().min(4).max(20) }),
      result: z.object({ verified: z.boolean() }),
    },
    async (ctx, { params, body }) => ({ verified: await paging.confirmCode(ctx, params.name, params.label, body.code) }),
  );
  route(
    {
      method: 'post',
      path: '/api/people/{name}/test-page',
      summary: 'Send a test page through every method; results are in her journal',
      tag: 'People',
      params: named,
      result: z.object({ methods: z.array(z.string()) }),
      status: 202,
    },
    (ctx, { params }) => paging.testPage(ctx, params.name),
  );

  twoStep(
    {
      method: 'post',
      path: '/api/people/{name}/telegram-link',
      summary: 'A link, for 15 minutes and one use, that makes a chat with the Telegram bot a contact method',
      tag: 'People',
      permission: 'self.write',
      params: named,
      body: z.strictObject({}),
      result: telegramLink,
    },
    (ctx, { params }) => paging.prepareTelegramLink(ctx, params.name),
    paging.telegramLink,
  );

  route(
    {
      method: 'get',
      path: '/api/web-push',
      summary: 'What a browser needs to subscribe; its subscription, as JSON, is the address of a contact method',
      tag: 'People',
      permission: 'self.write',
      result: webPushKey,
    },
    (ctx) => paging.webPushKey(ctx),
  );

  route(
    {
      method: 'get',
      path: '/api/settings',
      summary: 'How messages leave; secrets that are not ${env:…} references are hidden',
      tag: 'Settings',
      permission: 'settings.write',
      result: settings,
      changed: (ctx) => lastChange(ctx, { type: 'settings', id: THE_ONLY }, ['settings.saved', 'settings.compensation_saved']),
    },
    async (ctx) => paging.maskSecrets(await paging.readSettings(ctx)),
  );
  route(
    {
      method: 'put',
      path: '/api/settings',
      summary:
        'Replace the delivery settings; a hidden secret stays as it was, and so do what being on call is worth and the wording where they are not given; `wording: {}` goes back to the defaults',
      tag: 'Settings',
      body: settings,
      result: settings,
    },
    async (ctx, { body }) => {
      await paging.saveDelivery(ctx, body);
      return paging.maskSecrets(await paging.readSettings(ctx));
    },
  );
  route(
    {
      method: 'get',
      path: '/api/settings/channels',
      summary: 'Each channel: whether it is set up and its provider can be reached; no secrets',
      tag: 'Settings',
      permission: 'configuration.read',
      result: listOf(channelState),
    },
    async (ctx) => ({ items: await paging.channelStates(ctx) }),
  );
  route(
    {
      method: 'get',
      path: '/api/settings/wording',
      summary: 'What messages say by each kind of channel: the parts that may be worded, the defaults, this installation’s own',
      tag: 'Settings',
      permission: 'settings.write',
      result: wordingShown,
    },
    (ctx) => paging.wordingShown(ctx),
  );
  route(
    {
      method: 'post',
      path: '/api/settings/wording/preview',
      summary: 'Messages of a sample incident in a wording that is not saved; sends nothing',
      tag: 'Settings',
      permission: 'settings.write',
      body: wordingTry,
      result: wordingTried,
    },
    async (ctx, { body }) => paging.tryWording(ctx, body),
  );
  twoStep(
    {
      method: 'post',
      path: '/api/settings/channels/{channel}/test',
      summary: 'Send a test message now and say what the provider answered',
      tag: 'Settings',
      permission: 'settings.write',
      params: z.object({ channel: channelName }),
      body: channelTest,
      result: channelTested,
    },
    (ctx, { params, body }) => paging.prepareTest(ctx, params.channel, body.to, body.vendor),
    paging.sendTest,
  );
};
