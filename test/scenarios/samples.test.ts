import { expect, test } from 'vitest';
import { KINDS } from '../../src/web/features/integrations/queries.ts';
import { sampleOf } from '../../src/web/features/integrations/samples.ts';
import { aTeam } from './world.ts';

test.each(KINDS)('the sample that the console sends into an integration of %s is one alert of low severity', async (kind) => {
  const team = await aTeam({ ana: { by: ['mail'] } });
  await team.call('PUT', '/api/integrations/way', { service: 'db', kind });
  const summary = expect.stringMatching(/^(INFO: )?Sample alert of Allclear$/);
  const payload = sampleOf(kind, 'way', team.now().epochMilliseconds);
  const replay = (dry_run: boolean) =>
    team.call<{ simulated: { alerts: { summary: string; action: string }[] } | null; outcomes: { result: string }[] }>(
      'POST',
      '/api/integrations/way/replay',
      { payload, dry_run },
    );
  expect((await replay(true)).simulated?.alerts).toMatchObject([{ summary, action: 'trigger' }]);
  expect((await replay(false)).outcomes).toMatchObject([{ result: 'opened' }]);
  expect(await team.alerts()).toMatchObject([{ summary, severity: expect.stringMatching(/info|warning/) }]);
  await team.settle();
  team.ignoreMessages();
});
