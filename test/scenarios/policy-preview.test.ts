import { expect, test } from 'vitest';
import { aTeam } from './world.ts';

type Preview = {
  policy: string;
  rounds: number;
  steps: {
    step: number;
    at: string;
    after_seconds: number;
    skipped?: string;
    people: { name: string; methods: { label: string }[] }[];
  }[];
  fallback: { after_seconds: number; people: { name: string }[] } | null;
  readiness: { level: string; problem: string; remedy: string; step: number | null; person: string | null }[];
};
const said = ({ readiness }: Preview) => readiness.map((one) => `${one.level} ${one.step ?? '-'} ${one.problem}`);

const team = () =>
  aTeam(
    { ana: { by: ['sms', 'mail'] }, ben: { by: ['sms'], unverified: true }, cem: { by: ['ntfy', 'call'] } },
    { at: '2026-03-01T02:10:00Z' },
  );

test('who is paged when, by what, and which steps are skipped and why', async () => {
  const { call } = await team();
  const preview = await call<Preview>('POST', '/api/escalation-policies/preview', {
    policy: {
      name: 'draft',
      repeat: 1,
      steps: [
        { targets: [{ person: 'ana' }], escalate_after_seconds: 120 },
        { targets: [{ person: 'ben' }], when: { urgency: 'low' } },
        { targets: [{ person: 'cem' }], escalate_after_seconds: 600, when: { services: ['db'] } },
      ],
      fallback: { person: 'ana' },
    },
    service: 'db',
    at: '2026-03-08T02:10:00Z',
  });
  expect(preview.steps.map(({ step, at, skipped, people }) => [step, at, skipped, people.map((one) => one.name)])).toEqual([
    [1, '2026-03-08T02:10:00Z', undefined, ['ana']],
    [2, '2026-03-08T02:12:00Z', 'only for low urgency, this is high', []],
    [3, '2026-03-08T02:12:00Z', undefined, ['cem']],
  ]);
  expect(preview.steps[2]?.people[0]?.methods.map((method) => method.label)).toEqual(['ntfy', 'call']);
  expect(preview).toMatchObject({ rounds: 2, fallback: { after_seconds: 1440, people: [{ name: 'ana' }] } });
});

test('what would keep its pages from arriving', async () => {
  const { call, leaves } = await team();
  await call('PUT', '/api/schedules/office', {
    time_zone: 'UTC',
    layers: [
      {
        name: 'day',
        rotation: { unit: 'day' },
        starts: '2026-01-01T09:00',
        participants: ['ana'],
        restrictions: [{ from: '09:00', to: '17:00' }],
      },
    ],
  });
  await call('PUT', '/api/escalation-policies/weak', {
    steps: [{ targets: [{ schedule: 'office' }] }, { targets: [{ person: 'ben' }] }, { targets: [{ person: 'cem' }] }],
  });
  await leaves('cem');
  const night = await call<Preview>('POST', '/api/escalation-policies/preview', { name: 'weak' });
  expect(said(night)).toEqual([
    'error 1 pages nobody at this time: nobody is on call in office',
    'error 3 cem is deactivated and is not paged',
    'warning 2 ben has no verified contact method: unverified ones are used',
    'warning 3 pages nobody at this time: cem is deactivated',
    'warning - has no fallback: when every round is used up nobody is left to page',
  ]);
  const day = await call<Preview>('POST', '/api/escalation-policies/preview', { name: 'weak', at: '2026-03-02T12:00:00Z' });
  expect(said(day)[0]).toBe('error 3 cem is deactivated and is not paged');
});

test('a policy that counts on one person alone says so; one that is well says nothing', async () => {
  const { call } = await team();
  const alone = { name: 'alone', steps: [{ targets: [{ person: 'ana' }] }], fallback: { person: 'ana' } };
  expect(said(await call('POST', '/api/escalation-policies/preview', { policy: alone }))).toEqual([
    'warning - counts on one person alone: ana',
  ]);
  const well = { ...alone, fallback: { person: 'cem' } };
  expect(said(await call('POST', '/api/escalation-policies/preview', { policy: well }))).toEqual([]);
});

test('a round robin loses no turn by being looked at', async () => {
  const { call } = await team();
  const policy = { name: 'robin', steps: [{ targets: [{ round_robin: ['ana', 'cem'] }] }] };
  const { name: _, ...body } = policy;
  await call('PUT', '/api/escalation-policies/robin', body);
  const first = async () =>
    (await call<Preview>('POST', '/api/escalation-policies/preview', { name: 'robin' })).steps[0]?.people[0]?.name;
  expect([await first(), await first()]).toEqual(['ana', 'ana']);
});

test.each([
  [{}, 'policy'],
  [{ name: 'nowhere' }, 'name'],
  [{ policy: { name: 'p', steps: [{ targets: [{ person: 'zoe' }] }] } }, 'policy.steps.0.targets.0.person'],
  [{ policy: { name: 'p', steps: [] } }, 'policy.steps'],
  [{ name: 'turns', service: 'nowhere' }, 'service'],
])('%j is refused at %s', async (body, field) => {
  const { request } = await team();
  const answer = await request('POST', '/api/escalation-policies/preview', body);
  expect([answer.status, await answer.json()]).toEqual([422, expect.objectContaining({ field })]);
});
