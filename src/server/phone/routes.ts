import { z } from 'zod';
import { listOf, slug } from '../../contract/common.ts';
import { phoneCall } from '../../contract/phone.ts';
import { fetchRecording, phoneAccount } from '../channels/phone/phone.ts';
import { VENDORS } from '../channels/vendors.ts';
import { integrationNamed } from '../ingest/actions.ts';
import type { Intake } from '../ingest/types.ts';
import { providersOf, readSettings } from '../paging/actions.ts';
import { AppError, notFound } from '../platform/errors.ts';
import type { Http } from '../platform/http.ts';
import type { Runner } from '../platform/runner.ts';
import * as phone from './actions.ts';
import { rungOf } from './rules.ts';
import { phoneWebhookRoutes } from './webhook-routes.ts';

type Shown = Awaited<ReturnType<typeof phone.callsOf>>[number];
const shownOf = (row: Shown): z.input<typeof phoneCall> => ({
  id: row.id,
  at: row.began_at.toString(),
  caller: row.caller,
  state: row.state,
  outcome: row.outcome,
  taken_by: row.taken_name,
  rang: row.ladder.slice(0, rungOf(row)).map((one) => one.name),
  notes: row.notes,
  seconds: row.ended_at ? Math.round((row.ended_at.epochMilliseconds - row.began_at.epochMilliseconds) / 1000) : null,
  recording_seconds: row.recording?.seconds ?? null,
  recording_url: row.recording ? `/api/recordings?call=${row.id}` : null,
  transcription: row.transcription,
  incident: row.incident,
});

/** Calls that came in, and their messages. */
export const phoneRoutes = (http: Http, runner: Runner, intake: Intake): void => {
  const { route, raw } = http;
  route(
    {
      method: 'get',
      path: '/api/integrations/{name}/calls',
      summary: 'The last 100 calls to a phone line: who called, who was rung, who took it or what was left',
      tag: 'Integrations',
      permission: 'alert.read',
      params: z.object({ name: slug }),
      result: listOf(phoneCall),
    },
    async (ctx, { params }) => ({
      items: (await phone.callsOf(ctx, (await integrationNamed(ctx, params.name)).id)).map(shownOf),
    }),
  );
  raw(
    {
      method: 'get',
      path: '/api/recordings',
      summary: 'The message that a caller left, as audio, fetched from its vendor',
      tag: 'Integrations',
      permission: 'alert.read',
      query: z.object({ call: z.uuid().describe('as the calls of an integration give it') }),
      response: { type: 'audio/mpeg' },
    },
    async ({ actor, source, log }, _body, { query }) => {
      const outside = runner.outsideAs(actor, source, log);
      const { call, account } = await outside.transaction(async (ctx) => {
        const found = await phone.callById(ctx, query.call);
        if (!found?.recording) throw notFound('A message of this call');
        const provider = providersOf(await readSettings(ctx), 'voice').find((one) => one.vendor === found.vendor);
        return {
          call: { ...found, recording: found.recording },
          account: provider && 'config' in provider ? phoneAccount(found.vendor, provider.config) : undefined,
        };
      });
      if (!account) throw new AppError('unavailable', `${VENDORS[call.vendor]} is not set up as a vendor of calls any more`);
      const { bytes, type } = await fetchRecording(call.vendor, account, call.recording, outside.allowedHosts);
      // What came from elsewhere is heard, never run.
      return new Response(bytes, {
        headers: {
          'content-type': type,
          'cache-control': 'private, max-age=3600',
          'content-security-policy': "default-src 'none'; media-src 'self'",
          'x-content-type-options': 'nosniff',
        },
      });
    },
  );
  phoneWebhookRoutes(http, runner, intake);
};
