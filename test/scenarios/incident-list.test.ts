import { expect, test } from 'vitest';
import { startWorld, type World } from '../harness.ts';

type Shown = {
  id: string;
  number: string;
  title: string;
  severity: string;
  url: string;
  people: unknown[];
  acknowledged_via: string | null;
};
type Page = { items: Shown[]; next: string | null };

const person = (world: World, name: string, display_name: string) =>
  world.call('PUT', `/api/people/${name}`, { display_name, email: `${name}@example.com` });
const declare = (world: World, title: string, service: string, severity = 'error', more: object = {}) =>
  world.call<Shown>('POST', '/api/incidents', { title, service, severity, ...more });
const titles = async (world: World, query: string, token = world.token) => {
  const response = await world.request('GET', `/api/incidents?${query}`, undefined, { authorization: `Bearer ${token}` });
  const body = (await response.json()) as Page;
  expect(response.status, JSON.stringify(body)).toBe(200);
  return body.items.map((one) => one.title);
};

const aWorld = async () => {
  const world = await startWorld();
  await person(world, 'ines', 'Inês Costa');
  await person(world, 'omar', 'Omar Haddad');
  await world.call('PUT', '/api/teams/shop', { members: ['ines'] });
  await world.call('PUT', '/api/services/web', { team: 'shop' });
  await world.call('PUT', '/api/services/db', {});
  const { token } = await world.call<{ token: string }>('POST', '/api/tokens', {
    name: 'ines',
    person: 'ines',
    role: 'responder',
  });
  const first = await declare(world, 'Checkout is slow', 'web', 'warning', { urgency: 'high' });
  await world.fastForward('1h');
  await declare(world, '50%_off page fails', 'web', 'critical', { urgency: 'low', description: 'Since the sale began' });
  await declare(world, 'Disk of db-1 is full', 'db', 'error');
  return { world, token, first };
};

test('each filter finds what it says, alone and together', async () => {
  const { world, token, first } = await aWorld();
  await world.request('POST', `/api/incidents/${first.id}/acknowledge`, {}, { authorization: `Bearer ${token}` });
  const [slow, sale, disk] = ['Checkout is slow', '50%_off page fails', 'Disk of db-1 is full'];
  const cases: [string, (string | undefined)[]][] = [
    ['', [disk, sale, slow]],
    ['status=triage', [disk, sale]],
    ['status=open&service=web', [sale, slow]],
    ['team=shop', [sale, slow]],
    ['team=nobody', []],
    ['severity=critical,error', [disk, sale]],
    ['urgency=low', [sale]],
    ['assignee=ines', [slow]],
    ['acknowledged_by=ines', [slow]],
    ['acknowledged_by=omar', []],
    ['q=CHECKOUT', [slow]],
    ['q=%25_', [sale]],
    ['q=2', [sale]],
    [`q=${first.number.toLowerCase()}`, [slow]],
    ['q=db-1&severity=error', [disk]],
    ['q=nowhere', []],
    ['since=2026-03-02T12:30:00Z', [disk, sale]],
    ['until=2026-03-02T12:30:00Z', [slow]],
    ['until=2026-03-02T12:30:00%2B01:00', []],
    ['sort=opened_at', [slow, sale, disk]],
    ['sort=-severity', [sale, disk, slow]],
    ['sort=severity', [slow, disk, sale]],
    ['sort=-severity&q=is', [disk, slow]],
  ];
  for (const [query, found] of cases) expect([query, await titles(world, query)]).toEqual([query, found]);
  expect(await titles(world, 'assignee=me', token)).toEqual([slow]);
  for (const [query, field] of [
    ['assignee=me', 'assignee'],
    ['status=burning', 'status'],
    ['severity=bad', 'severity.0'],
    ['cursor=rubbish', 'cursor'],
    ['sort=-severity&cursor=0190aaaa-0000-7000-8000-000000000000', 'cursor'],
    ['sort=title', 'sort'],
    ['q=', 'q'],
  ]) {
    const response = await world.request('GET', `/api/incidents?${query}`);
    expect([query, response.status, ((await response.json()) as { field?: string }).field]).toEqual([query, 422, field]);
  }
});

test('every sort goes through all of them, page by page, each once', async () => {
  const world = await startWorld();
  await world.call('PUT', '/api/services/web', {});
  const severities = ['info', 'critical', 'warning', 'error', 'critical', 'info', 'error'];
  for (const [n, severity] of severities.entries()) await declare(world, `${n}`, 'web', severity);
  const expected = {
    '-opened_at': '6543210',
    opened_at: '0123456',
    '-severity': '4163250',
    severity: '0523614',
  };
  for (const [sort, order] of Object.entries(expected))
    for (const search of ['', '&status=open']) {
      let cursor: string | null = '';
      let seen = '';
      while (cursor !== null) {
        const page: Page = await world.call(
          'GET',
          `/api/incidents?sort=${sort}&limit=2${search}${cursor && `&cursor=${cursor}`}`,
        );
        seen += page.items.map((one) => one.title).join('');
        cursor = page.next;
      }
      expect([sort, seen]).toEqual([sort, order]);
    }
});

test('an incident says all that its screen shows, and where that is', async () => {
  const { world, token } = await aWorld();
  const sale = (await world.call<Page>('GET', '/api/incidents?q=page')).items[0];
  expect(sale).toMatchObject({
    description: 'Since the sale began',
    labels: {},
    links: [],
    flapping: false,
    reminder_at: null,
    people: [],
    acknowledged_via: null,
    url: `http://allclear.test/incidents/${sale?.number}`,
  });
  await world.request('POST', `/api/incidents/${sale?.id}/acknowledge`, {}, { authorization: `Bearer ${token}` });
  expect(await world.call('GET', `/api/incidents/${sale?.number}`)).toMatchObject({
    assignees: ['ines'],
    people: [{ name: 'ines', display_name: 'Inês Costa' }],
    acknowledged_via: 'api',
    reminder_at: '2026-03-02T13:30:00Z',
  });
});

test('counts for the badges', async () => {
  const { world, token, first } = await aWorld();
  const expected = {
    open: 3,
    mine: null,
    status: { triage: 3, acknowledged: 0, resolved: 0, closed: 0 },
    severity: { critical: 1, error: 1, warning: 1, info: 0 },
  };
  expect(await world.call('GET', '/api/incidents/counts')).toEqual(expected);
  await world.request('POST', `/api/incidents/${first.id}/acknowledge`, {}, { authorization: `Bearer ${token}` });
  const mine = await world.request('GET', '/api/incidents/counts', undefined, { authorization: `Bearer ${token}` });
  expect(await mine.json()).toMatchObject({ open: 3, mine: 1, status: { triage: 2, acknowledged: 1 } });
  await world.call('POST', `/api/incidents/${first.id}/resolve`, {});
  expect(await world.call('GET', '/api/incidents/counts')).toMatchObject({
    open: 2,
    status: { resolved: 1 },
    severity: { warning: 0 },
  });
});
