import { allServices } from '../catalog/actions.ts';
import { aside, plain } from '../channels/slack/blocks.ts';
import { mailOfMember, respond, type SlackApp, slackApp } from '../channels/slack/client.ts';
import { type Asked, type Command, notSlack, type Press } from '../channels/slack/inbound.ts';
import * as cover from '../cover/actions.ts';
import { actorOfPerson, peopleNamed } from '../identity/actions.ts';
import { allow } from '../identity/permissions.ts';
import * as paging from '../paging/actions.ts';
import type { Ctx, Outside } from '../platform/ctx.ts';
import { AppError, invalid } from '../platform/errors.ts';
import { onCallEverywhere } from '../schedules/actions.ts';
import { acknowledge, create, idOf } from './actions.ts';
import { noteRefused, standOf } from './chat.ts';
import * as requests from './chat-store.ts';
import { reply } from './messages.ts';
import * as store from './store.ts';

/** The app whose signature the body carries; AppError `forbidden` for any other request, which the audit log then has. */
export const appOf = async (
  outside: Outside,
  headers: { signature: string | undefined; timestamp: string | undefined },
  body: string,
): Promise<SlackApp> => {
  const provider = await outside.transaction(async (ctx) => paging.providerOf(await paging.readSettings(ctx), 'slack'));
  const app = 'config' in provider ? slackApp.safeParse(provider.config).data : undefined;
  const why = app ? notSlack(app.signing_secret ?? '', headers, body, outside.now()) : 'Slack is not set up here';
  if (app && !why) return app;
  await outside.transaction((ctx) => noteRefused(ctx, 'Slack', why ?? ''));
  throw new AppError('forbidden', `This request was refused: ${why}`);
};

const UNKNOWN = 'Allclear does not know this page any more: it is older than three days. Nothing was changed.';
const GONE_ON = 'The next people were paged already: nothing more was done.';

const OVER = 'This is over, or was answered elsewhere. Nothing was changed.';

const aboutPage = async (ctx: Ctx, press: Press & { about: 'page' }): Promise<string | undefined> => {
  if (await paging.confirmsTest(ctx, press.reply, ['slack'], 'slack')) return 'The test page is confirmed. Nothing is wrong.';
  const done = await reply(ctx, press.reply, ['slack'], 'slack');
  if (!done) return UNKNOWN;
  await ctx.enqueue('incidents.show_stand', [{ data: { delivery_id: done.delivery_id, on: press.on ?? null, tries: 1 } }]);
  return done.goneOn ? GONE_ON : undefined;
};
const aboutCover = async (ctx: Ctx, { verb, token }: Press & { about: 'cover' }): Promise<string | undefined> => {
  const asked = await cover.askedByToken(ctx, token);
  if (!asked) return OVER;
  await { accept: cover.accept, decline: cover.decline }[verb](asked.as, asked.request_id);
  return undefined;
};

/** What an action refused, in words; throws what is no refusal. */
const refusalOf = (thrown: unknown): string => {
  if (thrown instanceof AppError && ['invalid', 'forbidden', 'not_found', 'conflict'].includes(thrown.code))
    return thrown.message;
  throw thrown;
};

/** A pressed button: answers what it came with, once; the message says what is now, also where it was sent twice. */
export const pressed = async (outside: Outside, press: Press): Promise<void> => {
  const tell = async (ctx: Ctx, text: string | undefined): Promise<void> => {
    if (text && press.responseUrl)
      await ctx.enqueue('incidents.tell_slack', [
        { data: { url: press.responseUrl, message: JSON.stringify(aside(plain(text))) } },
      ]);
  };
  try {
    await outside.transaction(async (ctx) => {
      if (!(await requests.take(ctx, press.id))) return;
      await tell(ctx, press.about === 'page' ? await aboutPage(ctx, press) : await aboutCover(ctx, press));
    });
  } catch (thrown) {
    const why = refusalOf(thrown);
    await outside.transaction(async (ctx) => {
      if (await requests.take(ctx, press.id)) await tell(ctx, why);
    });
  }
};

/** Tells whoever pressed what came of it. A failure is logged and not tried again: the answer itself counts already. */
export const tellSlack = async (outside: Outside, { url, message }: { url: string; message: string }): Promise<void> => {
  const problem = await respond(url, JSON.parse(message) as object, outside.allowedHosts);
  if (problem) outside.log.warn({ problem }, 'Slack did not take what came of a button');
};

const HELP = [
  '`/allclear who` – who is on call now',
  '`/allclear page <service> <what is wrong>` – opens an incident and pages',
  '`/allclear ack` – you have what you were paged for last',
  '`/allclear ack INC-2026-0001` – you have that one',
  '`/allclear cover <schedule> for 2h` or `until 18:00` – asks the others to take your turn from now on; add names to ask only them',
];
const NOBODY =
  'Allclear does not know who you are. Add Slack as a contact method under My settings, confirm the code it sends you, and ask again.';

const asOf = (at: Temporal.Instant, timeZone: string): string => {
  const local = at.toZonedDateTimeISO(timeZone);
  return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
};

const who = async (ctx: Ctx, timeZone: string): Promise<string> => {
  allow(ctx, 'incident.read');
  const rows = (await onCallEverywhere(ctx, ctx.now)).filter((row) => !row.shadow);
  if (rows.length === 0) return 'Nobody is on call now.';
  const people = new Map(
    (
      await peopleNamed(
        ctx,
        rows.map((row) => row.person),
      )
    ).map((person) => [person.name, person.display_name]),
  );
  return rows
    .map(({ schedule, person, role, until }) => {
      const end = until ? `, until ${asOf(until, timeZone)}` : '';
      return `*${plain(schedule)}*: ${plain(people.get(person) ?? person)} (${role}${end})`;
    })
    .join('\n');
};

const pageService = async (ctx: Ctx, service: string, words: string): Promise<string> => {
  if (!(await allServices(ctx)).some((row) => row.name === service)) {
    const names = (await allServices(ctx)).map((row) => row.name);
    const some = names.length > 0 ? `There are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.` : '';
    throw invalid(`There is no service named ${service}. ${some}`.trim());
  }
  const row = await store.byId(ctx, await create(ctx, { service, title: words.slice(0, 1_024), severity: 'error' }));
  return `${row?.number} is open for ${plain(service)}. ${ctx.publicUrl}/incidents/${row?.number}`;
};

const ack = async (ctx: Ctx, personId: string, number: string | undefined): Promise<string> => {
  if (number) {
    const id = await idOf(ctx, number);
    await acknowledge(ctx, id);
    return (await standOf(ctx, id)).text;
  }
  const [page] = await paging.unansweredOf(ctx, personId, 1);
  if (!page) return 'Nothing that you were paged for waits for an answer.';
  await paging.answer(ctx, page.id, 'acknowledge', 'slack');
  return (await standOf(ctx, page.incident_id)).text;
};

/** The moment that a time on the person's own clock means next; a time of a day that is named means that day. */
const momentOf = (until: { minutes: number } | { local: string }, now: Temporal.Instant, timeZone: string): Temporal.Instant => {
  if ('minutes' in until) return now.add({ minutes: until.minutes });
  const { local } = until;
  if (local.includes('T')) {
    try {
      return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).toInstant();
    } catch {
      throw invalid(`${local} is no day of the calendar`);
    }
  }
  const today = now.toZonedDateTimeISO(timeZone);
  const at = today.toPlainDate().toZonedDateTime({ timeZone, plainTime: local });
  return (Temporal.ZonedDateTime.compare(at, today) > 0 ? at : at.add({ days: 1 })).toInstant();
};

const askCover = async (ctx: Ctx, timeZone: string, { schedule, until, asked }: Command & { verb: 'cover' }): Promise<string> => {
  const ends = momentOf(until, ctx.now, timeZone);
  const made = await cover.ask(ctx, {
    schedule,
    starts: ctx.now.toString(),
    ends: ends.toString(),
    person: 'me',
    note: '',
    ...(asked.length > 0 ? { asked } : {}),
  });
  return `You ask ${plain(made.asked.join(', '))} to take your turn in ${plain(made.title)} until ${asOf(ends, timeZone)}. It is yours until one of them accepts. ${ctx.publicUrl}/cover/${made.id}`;
};

const does = async (ctx: Ctx, personId: string, timeZone: string, command: Command): Promise<string> => {
  switch (command.verb) {
    case 'who':
      return who(ctx, timeZone);
    case 'page':
      return pageService(ctx, command.service, command.words);
    case 'ack':
      return ack(ctx, personId, command.number);
    case 'cover':
      return askCover(ctx, timeZone, command);
    case 'help':
      return [...(command.wrong ? [plain(command.wrong)] : []), ...HELP].join('\n');
  }
};

/**
 * Answers a slash command, as the person whose verified contact method the member is: by member id, else by the mail address
 * that Slack has of the member. Asked again, it answers the same and does nothing. What is refused is told to whoever asked.
 */
export const answerCommand = async (outside: Outside, app: SlackApp, { id, member, command }: Asked): Promise<object> => {
  const owner = (address: string) => outside.transaction((ctx) => paging.ownerOf(ctx, 'slack', address));
  let person = await owner(member);
  if (!person) {
    const mail = await mailOfMember(app, member, outside.allowedHosts);
    person = mail === undefined ? undefined : await owner(mail);
  }
  if (!person) return aside(NOBODY);
  const { id: personId, time_zone } = person;
  try {
    const text = await outside.transaction(async (ctx) => {
      const actor = await actorOfPerson(ctx, personId);
      if (!actor) return NOBODY;
      if (!(await requests.take(ctx, id))) return requests.answerOf(ctx, id);
      const answer = await does({ ...ctx, actor, source: 'slack' }, personId, time_zone, command);
      await requests.keepAnswer(ctx, id, answer);
      return answer;
    });
    return aside(text);
  } catch (thrown) {
    return aside(plain(refusalOf(thrown)));
  }
};
