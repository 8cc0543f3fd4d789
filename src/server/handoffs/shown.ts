import type { z } from 'zod';
import type { handoff, handoffDetail } from '../../contract/handoff.ts';
import { decide } from '../identity/permissions.ts';
import { timeline } from '../journal/read.ts';
import type { Ctx } from '../platform/ctx.ts';
import { notFound } from '../platform/errors.ts';
import { gather } from './left.ts';
import { confirmFrom, settingsOf } from './rules.ts';
import * as store from './store.ts';

export const there = async (found: Promise<store.Row | undefined>): Promise<store.Row> => {
  const row = await found;
  if (!row) throw notFound('Handoff');
  return row;
};

const text = (at: Temporal.Instant | null) => at?.toString() ?? null;
/** When whoever comes is reminded, and when others are told. */
export const chasedAt = (row: Pick<store.Row, 'at' | 'definition'>) => {
  const { remind_after_minutes, escalate_after_minutes } = settingsOf(row.definition);
  return {
    remind: row.at.add({ minutes: remind_after_minutes }),
    escalate: row.at.add({ minutes: escalate_after_minutes }),
  };
};

export const shown = (row: store.Row): z.input<typeof handoff> => ({
  id: row.id,
  schedule: row.schedule,
  title: row.definition.title || row.schedule,
  time_zone: row.definition.time_zone,
  role: row.role,
  at: row.at.toString(),
  until: text(row.until),
  outgoing: row.outgoing,
  outgoing_until: text(row.outgoing_until),
  incoming: row.incoming,
  state: row.state,
  confirmed_by: row.confirmed_by,
  ended_at: text(row.ended_at),
  confirm_from: confirmFrom(row.at).toString(),
  remind_at: chasedAt(row).remind.toString(),
  reminded_at: text(row.reminded_at),
  escalate_at: chasedAt(row).escalate.toString(),
  escalated_at: text(row.escalated_at),
  note_version: row.note_version,
});

/** Whether somebody may write the note of it: either side, and whoever manages the schedule. */
export const mayWrite = (ctx: Ctx, row: store.Row): boolean => {
  const { actor } = ctx;
  if (actor.kind === 'system' || actor.kind === 'integration') return false;
  const team = row.definition.team ?? null;
  const isPart = actor.kind === 'person' && [...row.outgoing, ...row.incoming].includes(actor.name);
  return (isPart && decide(actor, 'override.write').ok) || decide(actor, 'schedule.write', team).ok;
};

/** One handoff with what is left behind: gathered now, or as it was when it was confirmed. */
export const detailOf = async (ctx: Ctx, row: store.Row): Promise<z.input<typeof handoffDetail>> => {
  const before = await store.lastNote(ctx, row);
  const { items } = await timeline(ctx, { type: 'handoff', id: row.id }, undefined, 100, 'newest');
  return {
    ...shown(row),
    note: row.note,
    note_by: row.note_by,
    note_at: text(row.note_at),
    before: before?.note ? { ...before, at: before.at.toString() } : null,
    left: row.left_behind ?? (await gather(ctx, row)),
    may_write: row.state === 'open' && mayWrite(ctx, row),
    timeline: items.map(({ at, actor, text }) => ({ at, actor, text })),
  };
};
