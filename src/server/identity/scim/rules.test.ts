import { describe, expect, test } from 'vitest';
import { ScimError } from './error.ts';
import { readFilter } from './filter.ts';
import { addressOf, displayNameOf, groupChange, patchedUser } from './rules.ts';
import { operationsOf, type Plain, readGroup, readUser, type UserAttributes } from './shapes.ts';

const PATCH = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const operations = (list: unknown[]) => operationsOf({ schemas: PATCH, Operations: list });
const addresses = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `a${n}@x.test`, type: `t${n}` }));
/** What the library would multiply out to 2 ^ 22 parts. */
const multiplied = Array.from({ length: 22 }, () => '(type pr or value pr)').join(' and ');
const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (thrown) {
    expect(thrown, String(thrown)).toBeInstanceOf(ScimError);
    const { status, scimType } = thrown as ScimError;
    return `${status} ${scimType ?? ''}`.trim();
  }
  return 'taken';
};

test.each<[Partial<UserAttributes>, string]>([
  [{ emails: [{ value: 'A@x.test' }, { value: 'b@x.test', primary: true }] }, 'b@x.test'],
  [
    {
      emails: [
        { value: 'a@x.test', type: 'home' },
        { value: 'W@x.test', type: 'work' },
      ],
    },
    'w@x.test',
  ],
  [{ emails: [{ value: 'A@x.test ' }] }, 'a@x.test'],
  [{ emails: [{ value: ' ' }], userName: 'U@x.test' }, 'u@x.test'],
  [{ userName: 'u@x.test' }, 'u@x.test'],
])('the address of %j is %s', (user, address) => {
  expect(addressOf({ userName: 'u', ...user })).toBe(address);
});
test.each([
  [{}],
  [{ emails: [{ value: 'nonsense' }] }],
  [{ emails: [{ value: 'a@b' }] }],
  [{ emails: [{ value: 'a b@x.test' }] }],
])('no address: %j', async (user) => {
  expect(await refusal(() => addressOf({ userName: 'u', ...user }))).toBe('400 invalidValue');
});

test.each<[Partial<UserAttributes>, string]>([
  [{ displayName: 'Ana', name: { formatted: 'Ana B' } }, 'Ana'],
  [{ displayName: ' ', name: { formatted: 'Ana B' } }, 'Ana B'],
  [{ name: { givenName: 'Ana', familyName: 'B' } }, 'Ana B'],
  [{ name: { familyName: 'B' } }, 'B'],
  [{}, 'u'],
])('the name of %j is %s', (user, name) => {
  expect(displayNameOf({ userName: 'u', ...user })).toBe(name);
});

describe('a person in a body', () => {
  test.each<[unknown, unknown]>([
    [
      { USERNAME: 'a', Active: 'False', emails: [null, { value: 'x', primary: 'True', display: null }], title: 'Boss', roles: 3 },
      { userName: 'a', active: false, emails: [{ value: 'x', primary: true }] },
    ],
    [{ userName: 'a', id: 'mine', meta: { version: 'x' }, groups: [{ value: 'g' }], externalId: null }, { userName: 'a' }],
    [
      { userName: 'a', name: { GivenName: 'A', nickName: 'x' }, emails: [{ value: 'x', Type: 'work', ref: 1 }], __proto__x: 1 },
      { userName: 'a', name: { givenName: 'A' }, emails: [{ value: 'x', type: 'work' }] },
    ],
    [{ userName: 'a', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'x' } }, { userName: 'a' }],
  ])('%j is %j', (body, read) => {
    expect(readUser(body)).toEqual(read);
  });
  test.each([
    [null],
    ['text'],
    [[]],
    [{}],
    [{ userName: '' }],
    [{ userName: ' ' }],
    [{ userName: null }],
    [{ userName: { a: 1 } }],
    [{ userName: 5 }],
    [{ userName: 'a', emails: 'x' }],
    [{ userName: 'a', emails: ['x'] }],
    [{ userName: 'a', name: 'x' }],
    [{ userName: 'a', active: 'perhaps' }],
    [{ userName: 'a', active: {} }],
    [{ userName: 'a', schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] }],
    [{ userName: 'a', schemas: [5] }],
    [{ userName: 'a', externalId: ['x'] }],
    [{ __proto__: { userName: 'a' } }],
    [{ userName: 'x'.repeat(501) }],
    [{ userName: 'a', externalId: 'x'.repeat(501) }],
    [{ userName: 'a', emails: addresses(21) }],
    [{ userName: 'a', EMAILS: addresses(21) }],
  ])('%j is refused', async (body) => {
    expect(await refusal(() => readUser(body))).toMatch(/^400 (invalidValue|invalidSyntax)$/);
  });
  test('a group needs a name', async () => {
    expect(await refusal(() => readGroup({ members: [] }))).toBe('400 invalidValue');
    expect(await refusal(() => readGroup({ displayName: 'x', members: 'y' }))).toBe('400 invalidValue');
    expect(await refusal(() => readGroup({ displayName: 'x', externalId: 'y'.repeat(501) }))).toBe('400 invalidValue');
    expect(readGroup({ DisplayName: 'x', Members: [{ value: 'a' }] })).toEqual({ displayName: 'x', members: [{ value: 'a' }] });
  });
});

describe('a PATCH of a person', () => {
  const ANA: Plain = {
    userName: 'ana',
    active: true,
    displayName: 'Ana',
    emails: [{ value: 'ana@x.test', type: 'work' }],
  };
  test.each<[string, unknown[], Plain]>([
    ['Okta deactivates', [{ op: 'replace', value: { active: false } }], { active: false }],
    ['Entra deactivates', [{ op: 'Replace', path: 'active', value: 'False' }], { active: false }],
    ['Entra, older', [{ op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] }], { active: false }],
    ['Entra, capital Add', [{ op: 'Add', path: 'name.givenName', value: 'A' }], { name: { givenName: 'A' } }],
    [
      'dotted keys without a path',
      [
        {
          op: 'replace',
          value: { 'name.familyName': 'B', 'emails[type eq "work"].value': 'n@x.test', title: 'x', 'urn:x:y': 1 },
        },
      ],
      { name: { familyName: 'B' }, emails: [{ value: 'n@x.test', type: 'work' }] },
    ],
    [
      'an address of a kind that is not there',
      [
        { op: 'Add', path: 'emails[type eq "home"].value', value: 'h@x.test' },
        { op: 'Add', path: 'emails[type eq "home"].primary', value: 'True' },
      ],
      {
        emails: [
          { value: 'ana@x.test', type: 'work' },
          { type: 'home', value: 'h@x.test', primary: true },
        ],
      },
    ],
    [
      'in capitals',
      [{ op: 'REPLACE', path: 'EMAILS[Type EQ "work"].Value', value: 'n@x.test' }],
      { emails: [{ value: 'n@x.test', type: 'work' }] },
    ],
    [
      'with the schema before it',
      [{ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:displayName', value: 'N' }],
      { displayName: 'N' },
    ],
    ['null takes away', [{ op: 'replace', path: 'displayName', value: null }], { displayName: undefined }],
    [
      'all addresses anew',
      [{ op: 'replace', path: 'emails', value: [{ value: 'n@x.test', primary: true }] }],
      { emails: [{ value: 'n@x.test', primary: true }] },
    ],
    [
      'a second primary address is the one',
      [
        { op: 'replace', path: 'emails[type eq "work"].primary', value: true },
        { op: 'add', path: 'emails', value: [{ value: 'n@x.test', primary: true }] },
      ],
      {
        emails: [
          { value: 'ana@x.test', type: 'work', primary: false },
          { value: 'n@x.test', primary: true },
        ],
      },
    ],
    [
      'an address goes by its value',
      [{ op: 'remove', path: 'emails', value: [{ value: 'ana@x.test', ref: 1 }] }],
      { emails: undefined },
    ],
    [
      'an address as a whole',
      [{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'n@x.test', primary: 'True', ref: 1 } }],
      { emails: [{ value: 'n@x.test', primary: true }] },
    ],
    ['an address goes', [{ op: 'remove', path: 'emails[type eq "work"]' }], { emails: undefined }],
    [
      'what we do not keep',
      [
        { op: 'add', path: 'phoneNumbers[type eq "work"].value', value: '1' },
        { op: 'replace', path: 'title', value: 'x' },
      ],
      {},
    ],
    [
      'an extension',
      [{ op: 'add', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department', value: 'x' }],
      {},
    ],
    [
      'later over earlier',
      [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'active', value: true },
      ],
      {},
    ],
  ])('%s', async (_, list, change) => {
    const after = await patchedUser(ANA, operations(list));
    expect(readUser(after)).toEqual(JSON.parse(JSON.stringify({ ...ANA, ...change })));
  });
  test.each<[unknown[], string]>([
    [[{ op: 'remove', path: 'userName' }], '400 invalidValue'],
    [[{ op: 'replace', path: 'userName', value: { a: 1 } }], '400 invalidValue'],
    [[{ op: 'replace', path: 'id', value: 'x' }], '400 mutability'],
    [[{ op: 'add', path: 'groups', value: [] }], '400 mutability'],
    [[{ op: 'replace', path: 'nonsense', value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: 'emails[', value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: '', value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: '__proto__.x', value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: 5, value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: 'emails[type gt].value', value: 'x' }], '400'],
    [[{ op: 'replace', value: 'x' }], '400 invalidValue'],
    [[{ op: 'replace', value: [] }], '400 invalidValue'],
    [[{ op: 'remove' }], '400 noTarget'],
    [[{ op: 'move', path: 'active' }], '400 invalidSyntax'],
    [[{ path: 'active' }], '400 invalidValue'],
    [[null], '400'],
    [['x'], '400 invalidValue'],
    [[], '400 invalidValue'],
    [Array.from({ length: 101 }, () => ({ op: 'replace', path: 'active', value: true })), '413'],
    [
      [{ op: 'replace', value: Object.fromEntries(addresses(101).map(({ type }) => [`emails[type eq "${type}"].value`, 'x'])) }],
      '413',
    ],
    [[{ op: 'add', path: 'emails', value: addresses(21) }], '400 invalidValue'],
    [[{ op: 'add', value: { emails: addresses(21) } }], '400 invalidValue'],
    [addresses(20).map((value) => ({ op: 'add', path: 'emails', value: [value] })), '400 invalidValue'],
    [[{ op: 'replace', path: `emails[${multiplied}].value`, value: 'x' }], '400 invalidPath'],
    [[{ op: 'replace', path: `emails[type eq "${'x'.repeat(1000)}"].value`, value: 'x' }], '400 invalidPath'],
    [[{ op: 'remove', path: 'emails', value: [{ value: `x" and ${multiplied} and value eq "x` }] }], '400 invalidValue'],
    [[{ op: 'replace', path: 'userName', value: 'x'.repeat(501) }], '400 invalidValue'],
    [[{ op: 'replace', path: 'externalId', value: 'x'.repeat(501) }], '400 invalidValue'],
  ])('%j: %s', async (list, wanted) => {
    expect(await refusal(async () => readUser(await patchedUser(ANA, operations(list))))).toContain(wanted);
  });
  test('a hundred changes and twenty addresses are taken', async () => {
    const names = Array.from({ length: 80 }, (_, n) => ({ op: 'replace', path: 'displayName', value: `name ${n}` }));
    const after = await patchedUser(
      ANA,
      operations([...names, ...addresses(19).map((value) => ({ op: 'add', path: 'emails', value }))]),
    );
    expect(readUser(after)).toMatchObject({ displayName: 'name 79', emails: [{ value: 'ana@x.test' }, ...addresses(19)] });
  });
  test.each([
    [{}],
    [null],
    ['x'],
    [{ schemas: PATCH }],
    [{ schemas: PATCH, Operations: {} }],
    [{ schemas: ['x'], Operations: [] }],
  ])('the body %j is no PATCH', async (body) => {
    expect(await refusal(() => operationsOf(body))).toMatch(/^400/);
  });
});

describe('a PATCH of a group', () => {
  test.each<[string, unknown[], object]>([
    [
      'added',
      [{ op: 'Add', path: 'members', value: [{ value: 'A' }, { value: 'b', $ref: 'x' }] }],
      { add: ['a', 'b'], remove: [] },
    ],
    ['one, not in a list', [{ op: 'add', path: 'members', value: { value: 'a' } }], { add: ['a'], remove: [] }],
    ['Entra removes one by path', [{ op: 'Remove', path: 'members[value eq "A"]' }], { add: [], remove: ['a'] }],
    [
      'Entra removes some by value',
      [{ op: 'Remove', path: 'members', value: [{ value: 'a' }, { value: 'b' }] }],
      { add: [], remove: ['a', 'b'] },
    ],
    ['all of them', [{ op: 'remove', path: 'members' }], { members: [], add: [], remove: [] }],
    [
      'Okta replaces them',
      [{ op: 'replace', path: 'members', value: [{ value: 'a' }] }],
      { members: ['a'], add: [], remove: [] },
    ],
    [
      'Okta renames, with its id',
      [{ op: 'replace', value: { id: 'g', displayName: 'New' } }],
      { displayName: 'New', add: [], remove: [] },
    ],
    ['Entra renames', [{ op: 'Replace', path: 'displayName', value: 'New' }], { displayName: 'New', add: [], remove: [] }],
    ['what it is called there', [{ op: 'replace', path: 'externalId', value: null }], { externalId: null, add: [], remove: [] }],
    [
      'taken back',
      [
        { op: 'add', path: 'members', value: [{ value: 'a' }] },
        { op: 'remove', path: 'members[value eq "a"]' },
      ],
      { add: [], remove: ['a'] },
    ],
    [
      'replaced, then more',
      [
        { op: 'replace', path: 'members', value: [] },
        { op: 'add', path: 'members', value: [{ value: 'c' }] },
      ],
      { members: ['c'], add: ['c'], remove: [] },
    ],
  ])('%s', (_, list, change) => {
    expect(groupChange(operations(list))).toEqual(change);
  });
  test.each<[unknown[], string]>([
    [[{ op: 'remove', path: 'displayName' }], '400 invalidValue'],
    [[{ op: 'replace', path: 'displayName', value: '' }], '400 invalidValue'],
    [[{ op: 'add', path: 'members', value: [{ display: 'x' }] }], '400 invalidValue'],
    [[{ op: 'add', path: 'members', value: [{ value: 'g', type: 'Group' }] }], '400 invalidValue'],
    [[{ op: 'add', path: 'members[value eq "a"]', value: {} }], '400 invalidPath'],
    [[{ op: 'add', path: 'owners', value: {} }], '400 invalidPath'],
    [[{ op: 'replace', path: 'id', value: 'x' }], '400 mutability'],
  ])('%j: %s', async (list, wanted) => {
    expect(await refusal(() => groupChange(operations(list)))).toBe(wanted);
  });
});

describe('a filter', () => {
  const LIST: Plain[] = [
    {
      id: '1',
      userName: 'Ana@x.test',
      externalId: 'A',
      active: true,
      name: { familyName: 'Berg' },
      emails: [{ value: 'Ana@x.test', type: 'work' }],
      groups: [{ value: 'g1' }],
    },
    { id: '2', userName: 'ben@x.test', active: false, emails: [] },
  ];
  test.each<[string, object]>([
    ['userName eq "Ana"', { attribute: 'userName', value: 'Ana' }],
    ['USERNAME EQ "a\\"b"', { attribute: 'userName', value: 'a"b' }],
    ['emails.value eq "x"', { attribute: 'emails', value: 'x' }],
    ['emails eq "x"', { attribute: 'emails', value: 'x' }],
    ['urn:ietf:params:scim:schemas:core:2.0:User:externalId eq "x"', { attribute: 'externalId', value: 'x' }],
  ])('%s is looked up', (text, equal) => {
    expect(readFilter(text)).toEqual({ equal });
  });
  test.each<[string, string[]]>([
    ['userName sw "ANA"', ['1']],
    ['emails[type eq "work"].value eq "ana@X.test"', ['1']],
    ['emails[type eq "work" and value co "X.TEST"]', ['1']],
    ['active eq false', ['2']],
    ['active eq "False"', ['2']],
    ['not (active eq true)', ['2']],
    ['externalId pr', ['1']],
    ['externalId ne "a"', ['1', '2']],
    ['userName eq "ben@x.test" or externalId eq "A"', ['1', '2']],
    ['userName eq "ben@x.test" and active eq true', []],
    ['nonsense eq "x"', []],
    ['nonsense.part eq "x"', []],
    ['name.familyName eq "BERG"', ['1']],
    ['not (name.familyName eq "Berg")', ['2']],
    ['name.familyName pr', ['1']],
    ['name pr', ['1']],
    ['emails pr', ['1']],
    ['groups eq "G1"', ['1']],
    ['members eq "x" or userName sw "ben"', ['2']],
    ['id eq "1" or id eq "2" or id eq "3" or id eq "4" or id eq "5" or id eq "6" or id eq "7" or id eq "8"', ['1', '2']],
  ])('%s', (text, ids) => {
    const filter = readFilter(text);
    expect('match' in filter && filter.match(LIST).map((one) => one.id)).toEqual(ids);
  });
  test.each([
    ['userName'],
    ['userName eq'],
    ['eq "x"'],
    ['(((('],
    ['userName eq "a" and'],
    ['x['],
    ['userName eq "a'],
    ['userName eq "\\q"'],
    [`userName eq "${'x'.repeat(2000)}"`],
    [multiplied],
    [`emails[${multiplied}]`],
    [`userName sw "" and ${multiplied} and userName sw "x"`],
    [`userName co "\\" and ${multiplied} and userName co "\\"`],
    [Array.from({ length: 10 }, (_, n) => `id eq "${n}"`).join(' OR ')],
    [`${'('.repeat(900)}a eq 1${')'.repeat(900)}`],
    ["' or 1=1 --"],
  ])('%s is none', async (text) => {
    expect(
      await refusal(() => {
        const found = readFilter(text);
        return 'match' in found && found.match(LIST);
      }),
    ).toBe('400 invalidFilter');
  });
});
