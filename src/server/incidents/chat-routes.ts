import { answeredIn, asideIn, parseAction } from '../channels/mattermost/inbound.ts';
import { parseUpdate } from '../channels/telegram/inbound.ts';
import { SYSTEM } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { type Http, limitBody } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import { answerPress, assertSetUp } from './chat.ts';
import { assertTelegram, telegramPressed, telegramStarted } from './telegram.ts';

/** Anybody may knock here. An update of Telegram's carries the message whose button was pressed. */
const MAX_BYTES = 256 * 1024;
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What people answer in Telegram and Mattermost. */
export const chatRoutes = ({ app }: Http, runner: Runner): void => {
  for (const path of ['/in/telegram/*', '/in/mattermost/*']) app.use(path, limitBody(MAX_BYTES));
  app.post('/in/telegram/update', async (c) => {
    const outside = runner.outsideAs(SYSTEM('telegram'), 'telegram', c.get('log'));
    await assertTelegram(outside, c.req.header('x-telegram-bot-api-secret-token'));
    const update = parseUpdate(jsonOf(await c.req.text()));
    const answer =
      update?.kind === 'press' ? await telegramPressed(outside, update) : update && (await telegramStarted(outside, update));
    return answer ? c.json(answer) : c.body(null, 200);
  });
  app.post('/in/mattermost/action', async (c) => {
    const outside = runner.outsideAs(SYSTEM('mattermost'), 'mattermost', c.get('log'));
    const press = parseAction(jsonOf(await c.req.text()));
    if (!press) throw invalid('This is no button of Allclear’s');
    await assertSetUp(outside, 'mattermost');
    const said = await answerPress(outside, {
      channel: 'mattermost',
      id: press.id,
      from: { address: press.from, shown: press.from },
      token: press.token,
      action: press.action,
    });
    return c.json(said.done ? answeredIn(said) : asideIn(said.text));
  });
};
