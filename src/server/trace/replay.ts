import type { z } from 'zod';
import type { replayed, replayInput } from '../../contract/inspector.ts';
import type { Signal } from '../alerts/types.ts';
import { allow } from '../identity/permissions.ts';
import { integrationNamed, prepareReplay, previewSignals, refusedSignals } from '../ingest/actions.ts';
import type { Intake, Known } from '../ingest/types.ts';
import type { Ctx } from '../platform/ctx.ts';
import { invalid } from '../platform/errors.ts';
import { simulateSignals } from './actions.ts';
import { signalOf } from './routing-test.ts';

type Replayed = z.input<typeof replayed>;
type Prepared = { dry: Replayed } | { known: Known; signals: Signal[]; notes: string[]; bytes: number };

/** Reads what is to be replayed into an integration. A dry run is done with that; a real one is journalled, and waits for the intake. */
export const prepare = async (ctx: Ctx, name: string, input: z.output<typeof replayInput>): Promise<Prepared> => {
  allow(ctx, 'simulate');
  const { signals, problems } = await read(ctx, name, input);
  if (input.dry_run)
    return { dry: { dry_run: true, notes: problems, simulated: await simulateSignals(ctx, signals, problems), outcomes: [] } };
  const what = input.refused ? `refused request ${input.refused}` : input.alert ? `alert ${input.alert}` : 'a payload';
  const known = await prepareReplay(ctx, name, what, signals.length);
  return { known, signals, notes: problems, bytes: JSON.stringify(input.payload ?? '').length };
};

const read = async (ctx: Ctx, name: string, input: z.output<typeof replayInput>) => {
  if (input.refused) return refusedSignals(ctx, name, input.refused);
  if (!input.alert) {
    await integrationNamed(ctx, name);
    return previewSignals(ctx, name, input.payload);
  }
  const row = await integrationNamed(ctx, name);
  const signal = await signalOf(ctx, input.alert);
  if (signal.integrationId !== row.id) throw invalid(`this alert did not come through ${name}`, 'alert');
  return { signals: [signal], problems: ['labels and severity are those that rules had given the alert'] };
};

/** Gives the events to the intake as if they had just arrived; answers once they are on disk. */
export const carryOut =
  (intake: Intake) =>
  async (prepared: Prepared): Promise<Replayed> => {
    if ('dry' in prepared) return prepared.dry;
    const { known, signals, notes, bytes } = prepared;
    const outcomes = signals.length === 0 ? [] : await intake.accept({ integration: known, signals, bytes });
    return {
      dry_run: false,
      notes,
      simulated: null,
      outcomes: outcomes.map(({ result, alertId, why }) => ({ result, alert: alertId ?? null, why })),
    };
  };
