import { describe, expect, test } from 'vitest';
import type { SignOnMapping } from '../../contract/sign-on.ts';
import type { Role } from '../platform/ctx.ts';
import { errorOfCallback, fromGroups, groupsIn, isOwnPath, nameFor, readDiscovery, whoIs } from './sign-on-rules.ts';

describe('whom an identity is', () => {
  const on = { id: 'p', active: true };
  const off = { id: 'q', active: false };
  const vouched = { email: 'a@x.test', vouched: true };
  const unvouched = { email: 'a@x.test', vouched: false };
  const none = { email: undefined, vouched: true };
  for (const [what, identity, account, holders, create, expected] of [
    ['a returning account', vouched, on, [], false, { link: 'p' }],
    ['a returning account needs no address', none, on, [], false, { link: 'p' }],
    ['a returning account, whoever has its address now', unvouched, on, [{ id: 'z', active: true }], false, { link: 'p' }],
    ['a returning account of somebody who left', vouched, off, [on], true, { refuse: 'deactivated' }],
    ['an address of somebody', vouched, undefined, [on], false, { link: 'p' }],
    ['an address nobody vouches for', unvouched, undefined, [on], true, { refuse: 'address_not_verified' }],
    ['an address nobody vouches for, of nobody', unvouched, undefined, [], true, { refuse: 'address_not_verified' }],
    ['no address', none, undefined, [], true, { refuse: 'no_address' }],
    ['an address of two', vouched, undefined, [on, { id: 'r', active: true }], true, { refuse: 'address_taken' }],
    ['an address of one who is here and one who left', vouched, undefined, [off, on], true, { link: 'p' }],
    ['an address of one who left', vouched, undefined, [off], true, { refuse: 'deactivated' }],
    ['a stranger', vouched, undefined, [], false, { refuse: 'not_admitted' }],
    ['a stranger who may be added', vouched, undefined, [], true, { create: true }],
  ] as const)
    test(what, () => expect(whoIs(identity, account, [...holders], create)).toMatchObject(expected));
});

test.each([
  ['Zoë.Müller@x.test', 'z@x.test', [], 'zoe.muller'],
  [undefined, 'Ana+pager@x.test', [], 'ana-pager'],
  ['山田', 'yamada@x.test', [], 'yamada'],
  ['山田', '山田@x.test', [], 'person'],
  ['ana', 'ana@x.test', ['ana', 'ana-2'], 'ana-3'],
  ['me', 'me@x.test', [], 'me-2'],
  ['..--', '_@x.test', [], 'person'],
  [`${'x'.repeat(80)}`, 'x@x.test', [], 'x'.repeat(50)],
] as [string | undefined, string, string[], string][])('%s, %s is named', (wanted, email, taken, expected) =>
  expect(nameFor(wanted, email, (name) => taken.includes(name))).toBe(expected),
);

describe('what groups make of somebody', () => {
  const mapping: SignOnMapping[] = [
    { group: 'a', role: 'administrator' },
    { group: 'm', role: 'manager', team: 'one' },
    { group: 'r', role: 'responder', team: 'one' },
    { group: 't', team: 'two', team_role: 'manager' },
    { group: 'u', team: 'two', team_role: 'observer' },
  ];
  const now = (role: Role, more: object = {}) => ({
    role,
    given: null,
    teams: [],
    grants: {},
    lastAdministrator: false,
    ...more,
  });
  for (const [what, groups, before, expected] of [
    ['the highest role counts', ['r', 'm'], now('observer'), { role: 'manager', given: 'manager', join: ['one'] }],
    ['it may be a lower one than hers', ['r'], now('manager'), { role: 'responder', given: 'responder' }],
    ['a role she has is remembered as given', ['m'], now('manager'), { role: undefined, given: 'manager' }],
    ['a role that was given goes', [], now('manager', { given: 'manager' }), { role: 'observer', given: null }],
    ['a role by hand stays', [], now('manager'), { role: undefined, given: null }],
    ['one changed by hand since stays', [], now('responder', { given: 'manager' }), { role: undefined, given: null }],
    ['names are exact', ['M', ' m'], now('observer'), { role: undefined, join: [] }],
    [
      'the last administrator stays',
      ['r'],
      now('administrator', { lastAdministrator: true, given: 'administrator' }),
      { role: undefined, given: 'administrator', join: ['one'] },
    ],
    [
      'also with no group',
      [],
      now('administrator', { lastAdministrator: true, given: 'administrator' }),
      { role: undefined, given: 'administrator' },
    ],
    ['mapped teams are left, others are not', [], now('observer', { teams: ['one', 'other'] }), { leave: ['one'], join: [] }],
    ['a team by either of its groups', ['r'], now('observer', { teams: ['one'] }), { leave: [], join: [] }],
    [
      'the highest role within a team',
      ['t', 'u'],
      now('observer'),
      { grants: [{ team: 'two', role: 'manager' }], join: ['two'] },
    ],
    [
      'a role within a team goes with its group',
      [],
      now('observer', { grants: { two: 'manager' }, teams: ['two'] }),
      { grants: [{ team: 'two', role: null }], leave: ['two'] },
    ],
    ['a role within a team that no group rules stays', [], now('observer', { grants: { one: 'manager' } }), { grants: [] }],
    [
      'nothing new is nothing',
      ['m', 't'],
      now('manager', { given: 'manager', teams: ['one', 'two'], grants: { two: 'manager' } }),
      { role: undefined, join: [], leave: [], grants: [], reasons: [] },
    ],
  ] as [string, string[], Parameters<typeof fromGroups>[2], object][])
    test(what, () => expect(fromGroups(groups, mapping, before, 'observer')).toMatchObject(expected));
});

test.each([
  [{ groups: ['a', 1, null, {}] }, 'groups', ['a', '1']],
  [{ groups: 'a, b,,' }, 'groups', ['a', 'b']],
  [{}, 'groups', []],
  [{ groups: null }, 'groups', []],
  [{ groups: { a: 1 } }, 'groups', []],
  [{ realm_access: { roles: ['x'] } }, 'realm_access.roles', ['x']],
  [{ 'https://corp.test/groups': ['y'] }, 'https://corp.test/groups', ['y']],
  [{ _claim_names: { groups: 'src1' } }, 'groups', undefined],
  [{ _claim_names: { other: 'src1' }, groups: ['a'] }, 'groups', ['a']],
  [{}, '__proto__.constructor', []],
] as [Record<string, unknown>, string, string[] | undefined][])('groups of %j at %s', (claims, claim, expected) =>
  expect(groupsIn(claims, claim)).toEqual(expected),
);

test.each([
  ['/', true],
  ['/incidents?status=open#top', true],
  ['//evil.test', false],
  ['/\\evil.test', false],
  ['/a\\b', false],
  ['https://evil.test', false],
  ['', false],
  ['/a\tb', false],
])('%j is a path of ours: %s', (path, expected) => expect(isOwnPath(path)).toBe(expected));

test.each([
  ['/incidents', undefined],
  ['/sign-in?error=not_admitted', 'not_admitted'],
  ['/sign-in?error=state_mismatch', 'invalid_state'],
  ['/sign-in?error=please_restart_the_process', 'invalid_state'],
  ['/sign-in?error=invalid_provider&error_description=missing_user_info', 'no_address'],
  ['/sign-in?error=invalid_provider&error_description=token_not_verified', 'not_trusted'],
  ['/sign-in?error=invalid_provider&error_description=HTTP+503', 'provider_failed'],
  ['/sign-in?error=access_denied', 'access_denied'],
  ['/sign-in?error=NOT_ADMITTED', 'deactivated'],
  ['/sign-in?error=login_required', 'failed'],
  ['/sign-in?error=%3Cscript%3E', 'failed'],
  ['/sign-in?error=toString', 'failed'],
])('a callback that ends on %s', (location, expected) =>
  expect(errorOfCallback(new URL(location, 'http://localhost'))?.code).toBe(expected),
);

test('a slash at the end of the issuer is no difference, and its own spelling is what tokens are checked by', () => {
  const document = {
    issuer: 'https://id.test/',
    authorization_endpoint: 'https://id.test/a',
    token_endpoint: 'https://id.test/t',
    jwks_uri: 'https://id.test/k',
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  };
  expect(readDiscovery(document, 'https://id.test')).toMatchObject({
    found: { issuer: 'https://id.test/', token_auth: 'client_secret_post' },
  });
  expect(readDiscovery({ ...document, token_endpoint_auth_methods_supported: ['private_key_jwt'] }, 'https://id.test')).toEqual({
    wrong: 'it takes no client secret (private_key_jwt)',
  });
});
