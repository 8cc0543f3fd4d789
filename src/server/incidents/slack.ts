import { allServices } from '../catalog/actions.ts';
import { aside, plain } from '../channels/slack/blocks.ts';
import { mailOfMember, respond, type SlackApp, slackApp } from '../channels/slack/client.ts';
import { type Asked, type Command, notSlack, type Press } from '../channels/slack/inbound.ts';
import { say } from '../channels/words/words.ts';
import * as cover from '../cover/actions.ts';
import { actorOfPerson, peopleByIds, peopleNamed } from '../identity/actions.ts';
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

const aboutPage = async (ctx: Ctx, press: Press & { about: 'page' }): Promise<string | undefined> => {
  const test = await paging.confirmsTest(ctx, press.reply, ['slack'], 'slack');
  if (test) return say(test.locale, 'answer.tested');
  const done = await reply(ctx, press.reply, ['slack'], 'slack');
  if (!done) return say(undefined, 'chat.too_old');
  await ctx.enqueue('incidents.show_stand', [{ data: { delivery_id: done.delivery_id, on: press.on ?? null, tries: 1 } }]);
  const [person] = done.goneOn ? await peopleByIds(ctx, [done.page.person_id]) : [];
  return done.goneOn ? say(person?.locale, 'chat.gone_on') : undefined;
};
const aboutCover = async (ctx: Ctx, { verb, token }: Press & { about: 'cover' }): Promise<string | undefined> => {
  const asked = await cover.askedByToken(ctx, token);
  if (!asked) return say(undefined, 'chat.over');
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

const helpIn = (locale: string): string[] => [
  `\`/allclear who\` – ${say(locale, 'chat.help_who')}`,
  `\`/allclear page <service> <what is wrong>\` – ${say(locale, 'chat.help_page')}`,
  `\`/allclear ack\` – ${say(locale, 'chat.help_ack')}`,
  `\`/allclear ack INC-2026-0001\` – ${say(locale, 'chat.help_ack_one')}`,
  `\`/allclear cover <schedule> for 2h\` / \`until 18:00\` – ${say(locale, 'chat.help_cover')}`,
];
const NOBODY =
  'Allclear does not know who you are. Add Slack as a contact method under My settings, confirm the code it sends you, and ask again.';

type Asker = { id: string; time_zone: string; locale: string };
const asOf = (at: Temporal.Instant, { time_zone, locale }: Asker): string => paging.localTime(at, time_zone, locale);

const who = async (ctx: Ctx, asker: Asker): Promise<string> => {
  allow(ctx, 'incident.read');
  const rows = (await onCallEverywhere(ctx, ctx.now)).filter((row) => !row.shadow);
  if (rows.length === 0) return say(asker.locale, 'chat.nobody');
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
      const duty = until ? say(asker.locale, 'chat.until', { what: role, time: asOf(until, asker) }) : role;
      return `*${plain(schedule)}*: ${plain(people.get(person) ?? person)} (${duty})`;
    })
    .join('\n');
};

const pageService = async (ctx: Ctx, { locale }: Asker, service: string, words: string): Promise<string> => {
  if (!(await allServices(ctx)).some((row) => row.name === service)) {
    const names = (await allServices(ctx)).map((row) => row.name);
    const some = names.length > 0 ? `There are ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and more' : ''}.` : '';
    throw invalid(`There is no service named ${service}. ${some}`.trim());
  }
  const row = await store.byId(ctx, await create(ctx, { service, title: words.slice(0, 1_024), severity: 'error' }));
  const number = row?.number ?? '';
  return say(locale, 'chat.opened', { number, service: plain(service), link: `${ctx.publicUrl}/incidents/${number}` });
};

const ack = async (ctx: Ctx, { id: personId, locale }: Asker, number: string | undefined): Promise<string> => {
  if (number) {
    const id = await idOf(ctx, number);
    await acknowledge(ctx, id);
    return (await standOf(ctx, id, locale)).text;
  }
  const [page] = await paging.unansweredOf(ctx, personId, 1);
  if (!page) return say(locale, 'chat.nothing');
  await paging.answer(ctx, page.id, 'acknowledge', 'slack');
  return (await standOf(ctx, page.incident_id, locale)).text;
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

const askCover = async (ctx: Ctx, asker: Asker, { schedule, until, asked }: Command & { verb: 'cover' }): Promise<string> => {
  const ends = momentOf(until, ctx.now, asker.time_zone);
  const made = await cover.ask(ctx, {
    schedule,
    starts: ctx.now.toString(),
    ends: ends.toString(),
    person: 'me',
    note: '',
    ...(asked.length > 0 ? { asked } : {}),
  });
  return say(asker.locale, 'cover.asked', {
    people: plain(made.asked.join(', ')),
    schedule: plain(made.title),
    time: asOf(ends, asker),
    link: `${ctx.publicUrl}/cover/${made.id}`,
  });
};

const does = async (ctx: Ctx, asker: Asker, command: Command): Promise<string> => {
  switch (command.verb) {
    case 'who':
      return who(ctx, asker);
    case 'page':
      return pageService(ctx, asker, command.service, command.words);
    case 'ack':
      return ack(ctx, asker, command.number);
    case 'cover':
      return askCover(ctx, asker, command);
    case 'help':
      return [...(command.wrong ? [plain(command.wrong)] : []), ...helpIn(asker.locale)].join('\n');
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
  const asker = person;
  try {
    const text = await outside.transaction(async (ctx) => {
      const actor = await actorOfPerson(ctx, asker.id);
      if (!actor) return NOBODY;
      if (!(await requests.take(ctx, id))) return requests.answerOf(ctx, id);
      const answer = await does({ ...ctx, actor, source: 'slack' }, asker, command);
      await requests.keepAnswer(ctx, id, answer);
      return answer;
    });
    return aside(text);
  } catch (thrown) {
    return aside(plain(refusalOf(thrown)));
  }
};
