import type { Ctx } from '../platform/ctx.ts';

export const workingTokens = (ctx: Ctx, personId: string) =>
  ctx.tx
    .selectFrom('tokens')
    .select('name')
    .where('person_id', '=', personId)
    .where('revoked_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', ctx.now)]))
    .orderBy('name')
    .execute();
export const silencesBy = (ctx: Ctx, name: string) =>
  ctx.tx
    .selectFrom('silences')
    .select(['id', 'comment'])
    .where('created_by', '=', name)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('ends_at', 'is', null), eb('ends_at', '>', ctx.now)]))
    .orderBy('id')
    .limit(1000)
    .execute();
