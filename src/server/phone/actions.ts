import type { PhoneLine } from '../../contract/phone.ts';
import { noteAlert, receive } from '../alerts/actions.ts';
import { serviceNamed } from '../catalog/actions.ts';
import { decideUrgency } from '../catalog/rules.ts';
import { TALK_SECONDS } from '../channels/phone/phone.ts';
import { callOrder } from '../escalation/actions.ts';
import { peopleByIds } from '../identity/actions.ts';
import * as incidents from '../incidents/actions.ts';
import { noteHeard } from '../ingest/actions.ts';
import { journal } from '../journal/actions.ts';
import { addressesBy } from '../paging/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { admission, alertOf, rungOf, talked, WINDOW } from './rules.ts';
import * as store from './store.ts';
import './types.ts';

export type { CallRow } from './store.ts';

/** An integration of kind phone. */
export type Line = { id: string; name: string; service: string; phone: PhoneLine };

const asLine = (ctx: Ctx, line: Pick<Line, 'id' | 'name'>): Ctx => ({
  ...ctx,
  actor: { kind: 'integration', id: line.id, name: line.name },
  source: 'phone',
});

/** Greeting, whispers and the time a vendor takes to tell. */
const SLACK_SECONDS = 300;
/** How long after a caller has gone the message may take to come. */
const MESSAGE_SECONDS = 60;

/** Who is rung for a call of this service at this moment, and who is passed over. */
const ladderOf = async (ctx: Ctx, line: Line): Promise<{ ladder: store.Rung[]; notes: string[] }> => {
  const service = await serviceNamed(ctx, line.service);
  const { people, notes } = await callOrder(ctx, service, decideUrgency(service, line.phone.severity, ctx.now).urgency);
  const rows = await peopleByIds(
    ctx,
    people.map((one) => one.person_id),
  );
  const [voice, sms] = [await addressesBy(ctx, rows, 'voice'), await addressesBy(ctx, rows, 'sms')];
  const ladder = people.flatMap(({ person_id, name, display_name, step }) => {
    const address = voice.get(person_id) ?? sms.get(person_id);
    if (!address) notes.push(`${display_name} has no phone number`);
    return address ? [{ person_id, name, display_name, step, address }] : [];
  });
  // A number that two people share is rung once.
  return { ladder: ladder.filter((one, index) => ladder.findIndex((other) => other.address === one.address) === index), notes };
};

/** A call came in, for the first time or once more; locked. */
export const begin = async (
  ctx: Ctx,
  line: Line,
  call: { vendor: PhoneLine['vendor']; id: string; caller: string | undefined },
): Promise<store.CallRow> => {
  const known = await store.lockByVendor(ctx, line.id, call.vendor, call.id);
  if (known) return known;
  const caller = call.caller ?? null;
  const admitted = admission(await store.lately(ctx, line.id, caller, ctx.now.subtract(WINDOW)), caller);
  const { ladder, notes } = admitted === 'ring' ? await ladderOf(ctx, line) : { ladder: [], notes: [WHY[admitted]] };
  await store.prune(ctx, line.id);
  await noteHeard(ctx, [line.id]);
  const made = await store.begin(ctx, {
    integration_id: line.id,
    vendor: call.vendor,
    vendor_id: call.id,
    caller,
    ladder,
    notes,
    flood: admitted === 'flood',
    ...(admitted === 'refuse' ? { state: 'over', outcome: 'refused' } : { state: 'ringing', outcome: null }),
  });
  // A second copy of the webhook was quicker.
  if (!made) return (await store.lockByVendor(ctx, line.id, call.vendor, call.id)) as store.CallRow;
  const { total_seconds, voicemail_seconds } = line.phone;
  if (made.state !== 'over')
    await ctx.enqueue('phone.call_over', [
      { data: { call_id: made.id }, at: ctx.now.add({ seconds: total_seconds + voicemail_seconds + SLACK_SECONDS }) },
    ]);
  return made;
};
const WHY = {
  flood: 'too many calls within ten minutes: nobody was rung',
  refuse: 'too many calls by this number within ten minutes',
};

export const callOf = store.lock;
export const callOfVendor = store.lockByVendor;
export const callById = store.byId;
export const callsOf = (ctx: Ctx, integrationId: string) => store.newest(ctx, integrationId, 100);

/** On with it: the next one is rung, or the caller is asked for a message. */
export const moveTo = store.moveTo;

/** Whoever is rung pressed the key. The call is an alert whose incident they have, so that nobody else is paged for it. */
export const take = async (ctx: Ctx, line: Line, call: store.CallRow, rung: store.Rung): Promise<void> => {
  await store.take(ctx, call.id, rung.person_id);
  const alert = alertOf(call, line.phone, line, { kind: 'taken', by: rung.name }, ctx.publicUrl);
  const [outcome] = await receive(asLine(ctx, line), [alert]);
  await store.keepAlert(ctx, call.id, outcome?.alertId ?? null, outcome?.incidentId ?? null);
  if (!outcome?.incidentId) return;
  const asThem: Ctx = {
    ...ctx,
    source: 'voice',
    actor: { kind: 'person', id: rung.person_id, name: rung.name, role: 'responder' },
  };
  const before = call.ladder.slice(0, call.position).map((one) => one.display_name);
  await journal(asThem, {
    type: 'incident.call_taken',
    subject: { type: 'incident', id: outcome.incidentId },
    text: `${rung.display_name} took the call from ${call.caller ?? 'a hidden number'}${before.length > 0 ? `; ${before.join(', ')} did not take it` : ''}`,
    data: { call: call.id, person: rung.name },
  });
  // One that was open already may be about more than this call: whoever has it decides.
  if (outcome.result === 'opened') await incidents.acknowledge(asThem, outcome.incidentId);
};

const tell = async (ctx: Ctx, line: Line, call: store.CallRow, kind: 'voicemail' | 'hung_up'): Promise<void> => {
  const [outcome] = await receive(asLine(ctx, line), [alertOf(call, line.phone, line, { kind }, ctx.publicUrl)]);
  await store.keepAlert(ctx, call.id, outcome?.alertId ?? null, outcome?.incidentId ?? null);
};

/** The message of a caller: it pages as any alert does. Told twice, it is one. */
export const record = async (
  ctx: Ctx,
  line: Line,
  call: store.CallRow,
  recording: NonNullable<store.CallRow['recording']>,
): Promise<void> => {
  if (call.recording) return;
  await store.keepRecording(ctx, call.id, recording);
  await store.over(ctx, call.id, rungOf(call), 'voicemail');
  await tell(ctx, line, { ...call, recording }, 'voicemail');
};

/** The words of a message, where the vendor sends them. */
export const transcribe = async (ctx: Ctx, line: Line, call: store.CallRow, words: string): Promise<void> => {
  if (call.transcription !== null || !call.alert_id) return;
  const text = words.trim().slice(0, 4000);
  if (text === '') return;
  await store.keepWords(ctx, call.id, text);
  await noteAlert(asLine(ctx, line), call.alert_id, `The message, as ${call.vendor} understood it: ${text}`);
};

/** The caller is gone. A message may still be on its way, for a minute. */
export const leave = async (ctx: Ctx, line: Line, call: store.CallRow): Promise<void> => {
  if (call.state === 'over') return;
  if (call.state !== 'voicemail') return finish(ctx, line, call);
  await store.left(ctx, call.id);
  await ctx.enqueue('phone.call_over', [{ data: { call_id: call.id }, at: ctx.now.add({ seconds: MESSAGE_SECONDS }) }]);
};

/** Nothing more is to come of a call. Who hung up before anybody took it is an alert, where the line says so. */
const finish = async (ctx: Ctx, line: Line, call: store.CallRow): Promise<void> => {
  if (call.state === 'taken') {
    await store.over(ctx, call.id, rungOf(call), 'taken');
    if (call.incident_id && call.taken_at)
      await journal(asLine(ctx, line), {
        type: 'incident.call_ended',
        subject: { type: 'incident', id: call.incident_id },
        text: `The call from ${call.caller ?? 'a hidden number'} is over after ${talked(call.taken_at, call.ended_at ?? ctx.now)}`,
        data: { call: call.id },
      });
    return;
  }
  await store.over(ctx, call.id, rungOf(call), 'hung_up');
  if (line.phone.alert_on_hangup) await tell(ctx, line, call, 'hung_up');
};

/** Long after a call should be over: its vendor may have told nothing of the end. */
export const callOver = async (ctx: Ctx, { call_id }: { call_id: string }): Promise<void> => {
  const call = await store.lock(ctx, call_id);
  if (!call || call.state === 'over') return;
  const longest = call.taken_at?.add({ seconds: TALK_SECONDS + SLACK_SECONDS });
  if (longest && Temporal.Instant.compare(ctx.now, longest) < 0)
    return ctx.enqueue('phone.call_over', [{ data: { call_id }, at: longest }]);
  const found = await store.lineOf(ctx, call.integration_id);
  if (found?.phone) await finish(ctx, { ...found, phone: found.phone, id: call.integration_id }, call);
  // The line was changed to something else meanwhile.
  else await store.over(ctx, call.id, rungOf(call), 'hung_up');
};
