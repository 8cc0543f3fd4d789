import type { Context } from 'hono';
import { parseCommand, parsePress } from '../channels/slack/inbound.ts';
import { SYSTEM } from '../platform/ctx.ts';
import { type Env, type Http, limitBody } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import { answerCommand, appOf, pressed } from './slack.ts';

/** Anybody may knock here. A pressed button sends its whole message along, 50 blocks at most. */
const MAX_FORM_BYTES = 256 * 1024;

/** What people answer in Slack: buttons of a page, and the command `/allclear`. Slack gives each 3 s. */
export const slackRoutes = ({ app }: Http, runner: Runner): void => {
  const received = async (c: Context<Env>) => {
    const outside = runner.outsideAs(SYSTEM('slack'), 'slack', c.get('log'));
    const body = await c.req.text();
    const headers = { signature: c.req.header('x-slack-signature'), timestamp: c.req.header('x-slack-request-timestamp') };
    return { outside, slack: await appOf(outside, headers, body), form: new URLSearchParams(body) };
  };
  app.use('/in/slack/*', limitBody(MAX_FORM_BYTES));
  app.post('/in/slack/interactive', async (c) => {
    const { outside, form } = await received(c);
    const press = parsePress(form.get('payload'));
    if (press) await pressed(outside, press);
    return c.body(null, 200);
  });
  app.post('/in/slack/command', async (c) => {
    const { outside, slack, form } = await received(c);
    const asked = parseCommand(form);
    return asked ? c.json(await answerCommand(outside, slack, asked)) : c.body(null, 200);
  });
};
