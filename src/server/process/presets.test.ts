import { expect, test } from 'vitest';
import { startWorld } from '../../../test/harness.ts';
import { severityScheme } from '../../contract/process.ts';
import { isPreset, levelThatVanishes, PRESETS } from './presets.ts';

const levels = (...names: string[]) =>
  names.map((level) => ({ level, name: '', description: '', roles_required: [], examples: [] }));

test('three presets, each a scheme that the API takes as it is', () => {
  expect(PRESETS).toHaveLength(3);
  for (const { levels: items } of PRESETS) {
    expect(severityScheme.parse({ items }).items).toEqual(items);
    expect(items).toHaveLength(4);
  }
});

test.each([
  ['nothing names a level', [], undefined],
  ['one stays', [{ by: 'a', level: 'sev1' }], undefined],
  [
    'one would be gone',
    [
      { by: 'a', level: 'SEV1' },
      { by: 'b', level: 'sev0' },
    ],
    { by: 'b', level: 'sev0' },
  ],
  ['what was never a level is no loss', [{ by: 'a', level: 'bad' }], undefined],
])('%s', (_, used, lost) => {
  expect(levelThatVanishes(levels('SEV0', 'SEV1'), levels('SEV1', 'SEV2'), used)).toEqual(lost);
});

test('choosing one replaces the levels, says which is in force, and refuses to take a level from a postmortem', async () => {
  const w = await startWorld();
  const choose = (preset: string) => w.request('POST', '/api/severities/preset', { preset });
  const chosen = async () =>
    (await w.call<{ items: { id: string; chosen: boolean }[] }>('GET', '/api/severity-presets')).items.flatMap((one) =>
      one.chosen ? one.id : [],
    );
  expect(await chosen()).toEqual([]);
  for (const { id } of PRESETS) {
    expect((await choose(id)).status).toBe(200);
    expect(await chosen()).toEqual([id]);
  }
  const { items } = await w.call<{ items: object[] }>('GET', '/api/severities');
  expect(items[0]).toMatchObject({ level: 'SEV1', target_resolution_seconds: 3600 });
  const said = async () => (await w.call<{ items: object[] }>('GET', '/api/journal?type=severities.')).items.length;
  const before = await said();
  await choose('target-resolution');
  expect(await said(), 'the same again is no change').toBe(before);

  const text = 'postmortems: [{name: outage, title: Outage, severity: SEV4}]';
  await w.call('POST', '/api/process/apply', { files: [{ name: 'a.yaml', text }] });
  const refused = await choose('p0-to-p3');
  expect([refused.status, await refused.json()]).toEqual([
    422,
    expect.objectContaining({ field: 'preset', detail: expect.stringMatching(/postmortem outage is of SEV4/) }),
  ]);
  expect(await chosen()).toEqual(['target-resolution']);
  const changed = (items as { name: string }[]).map((one, at) => (at === 0 ? { ...one, name: 'Ours' } : one));
  await w.call('PUT', '/api/severities', { items: changed });
  expect(await chosen(), 'changed by hand it is a scheme of their own').toEqual([]);
  expect(isPreset(PRESETS[2] as never, PRESETS[2]?.levels ?? [])).toBe(true);
  expect((await choose('other')).status).toBe(422);
});
