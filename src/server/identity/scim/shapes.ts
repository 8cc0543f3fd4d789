import SCIMMY from 'scimmy';
import { fromLibrary, judged, ScimError, wrongValue } from './error.ts';

const { Attribute, Schema, SchemaDefinition } = SCIMMY.Types;

// Definitions of our own, with what we keep: those of the library are one for the whole process, and have forty attributes more.

const string = (name: string, description: string, config: object = {}) =>
  new Attribute('string', name, { description, ...config });
const USER = new SchemaDefinition('User', 'urn:ietf:params:scim:schemas:core:2.0:User', 'A person', [
  string('userName', 'What the directory calls the person; unique, whatever its case', { required: true, uniqueness: 'server' }),
  new Attribute('complex', 'name', { description: 'Used when there is no displayName' }, [
    string('formatted', 'All of it'),
    string('familyName', 'Family name'),
    string('givenName', 'Given name'),
    string('middleName', 'Middle names'),
  ]),
  string('displayName', 'As it is shown'),
  string('preferredLanguage', 'Taken for a new person only'),
  string('locale', 'Taken for a new person only'),
  string('timezone', 'Taken for a new person only, such as Europe/Amsterdam'),
  new Attribute('boolean', 'active', { description: 'false: deactivated. What waits for the person goes on to others at once' }),
  new Attribute(
    'complex',
    'emails',
    { multiValued: true, description: 'The primary one counts, then the one of type work, then the first' },
    [
      string('value', 'The address'),
      string('type', 'Such as work'),
      new Attribute('boolean', 'primary', { description: 'The one that counts' }),
    ],
  ),
  new Attribute(
    'complex',
    'groups',
    { multiValued: true, mutable: false, direction: 'out', description: 'Groups the person is in' },
    [
      string('value', 'Id of the group', { mutable: false, direction: 'out' }),
      string('$ref', 'Its address', { mutable: false, direction: 'out' }),
      string('display', 'Its name', { mutable: false, direction: 'out' }),
    ],
  ),
]);
const GROUP = new SchemaDefinition('Group', 'urn:ietf:params:scim:schemas:core:2.0:Group', 'A group of people', [
  string('displayName', 'Its name; unique, whatever its case', { required: true, uniqueness: 'server' }),
  new Attribute('complex', 'members', { multiValued: true, description: 'The people in it' }, [
    string('value', 'Id of the person'),
    string('$ref', 'Address of the person', { mutable: false }),
    string('display', 'Name of the person', { mutable: false }),
    string('type', 'User: groups in groups are not taken'),
  ]),
]);

const resource = (definition: typeof USER) =>
  class extends Schema {
    static override get id() {
      return definition.id;
    }
    static override get definition() {
      return definition;
    }
    constructor(data: object, direction = 'both') {
      super(data, direction);
      Object.assign(this, definition.coerce(data, direction));
    }
  };
const UserResource = resource(USER);
const GroupResource = resource(GROUP);

export type Plain = Record<string, unknown>;
export const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

export type Email = { value?: string; type?: string; primary?: boolean };
export type UserAttributes = {
  userName: string;
  externalId?: string;
  active?: boolean;
  displayName?: string;
  name?: { formatted?: string; familyName?: string; givenName?: string; middleName?: string };
  emails?: Email[];
  timezone?: string;
  locale?: string;
  preferredLanguage?: string;
};
export type GroupAttributes = { displayName: string; externalId?: string; members?: unknown };

/** `"True"` as Entra ID sends it. */
const booleanOf = (value: unknown): unknown =>
  typeof value === 'string' && /^(true|false)$/i.test(value) ? value.toLowerCase() === 'true' : value;
/** What we read of a body, and of an address and a name in it. The library would go through all else there is, by its square. */
const TAKEN = new Set(
  'schemas externalid username name displayname preferredlanguage locale timezone active emails members'.split(' '),
);
const PARTS = new Set('value type primary display formatted familyname givenname middlename'.split(' '));
const ofParts = (given: unknown): unknown =>
  isPlain(given) ? Object.fromEntries(Object.entries(given).filter(([key]) => PARTS.has(key.toLowerCase()))) : given;
/** What senders write in ways of their own, in ours: names in any case, booleans as text, `null` for what is not there. */
export const tidy = (data: Plain): Plain =>
  Object.fromEntries(
    Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
      const name = key.toLowerCase();
      if (value === null || !TAKEN.has(name)) return [];
      if (name === 'name') return [[key, ofParts(value)]];
      if (name === 'active') return [['active', booleanOf(value)]];
      if (name !== 'emails' || !Array.isArray(value)) return [[key, value]];
      return [['emails', value.filter((one) => one !== null).map(tidyEmail)]];
    }),
  );
export const tidyEmail = (given: unknown): unknown => {
  if (!isPlain(given)) return given;
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => {
      const name = key.toLowerCase();
      if (value === null || !PARTS.has(name)) return [];
      return [[key, name === 'primary' ? booleanOf(value) : value]];
    }),
  );
};

const read = <T>(Resource: typeof UserResource, data: unknown): T => {
  if (!isPlain(data)) throw new ScimError(400, 'invalidSyntax', 'The body is not a JSON object');
  return judged('invalidValue', () => {
    const {
      schemas: _,
      meta: __,
      id: ___,
      groups: ____,
      ...kept
    } = JSON.parse(JSON.stringify(new Resource(tidy(data), 'in'))) as Plain;
    return kept as T;
  });
};
/** An index takes 2704 bytes of a text, which is at most four a character. */
const MAX_TEXT = 500;
export const refuseLong = (name: string, text: string | null | undefined): void => {
  if ((text?.length ?? 0) > MAX_TEXT) throw wrongValue(`${name}: longer than ${MAX_TEXT} characters`);
};
/** The library takes time by their square: a thousand took 0.1 s. */
const MAX_EMAILS = 20;
export const refuseManyEmails = (emails: unknown): void => {
  if (Array.isArray(emails) && emails.length > MAX_EMAILS) throw wrongValue(`emails: more than ${MAX_EMAILS} addresses`);
};

/** What a directory says of a person. Attributes that we do not keep are left out; one of a wrong type is refused. */
export const readUser = (data: unknown): UserAttributes => {
  if (isPlain(data)) for (const [key, value] of Object.entries(data)) if (key.toLowerCase() === 'emails') refuseManyEmails(value);
  const user = read<UserAttributes>(UserResource, data);
  if (user.userName.trim() === '') throw wrongValue('userName: is empty');
  refuseLong('userName', user.userName);
  refuseLong('externalId', user.externalId);
  return user;
};
/** What a directory says of a group. Its members, which may be thousands, do not go through the library: each would take 0.1 ms. */
export const readGroup = (data: unknown): GroupAttributes => {
  const members = isPlain(data) ? Object.entries(data).find(([key]) => key.toLowerCase() === 'members')?.[1] : undefined;
  if (members !== undefined && members !== null && typeof members !== 'object') throw wrongValue('members: must be a list');
  const group = read<GroupAttributes>(
    GroupResource,
    isPlain(data) ? Object.fromEntries(Object.entries(data).filter(([key]) => key.toLowerCase() !== 'members')) : data,
  );
  if (group.displayName.trim() === '') throw wrongValue('displayName: is empty');
  refuseLong('displayName', group.displayName);
  refuseLong('externalId', group.externalId);
  return { ...group, members };
};

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export type Operation = { op: 'add' | 'remove' | 'replace'; path?: string; value?: unknown };
/** More in one request is a mistake. */
const MAX_OPERATIONS = 1000;
/** The operations of a PATCH, each in plain form; refuses a body that is none. */
export const operationsOf = (body: unknown): Operation[] => {
  if (!isPlain(body)) throw new ScimError(400, 'invalidSyntax', 'The body is not a JSON object');
  const entry = Object.entries(body).find(([key]) => key.toLowerCase() === 'operations');
  const list = entry?.[1];
  if (Array.isArray(list) && list.length > MAX_OPERATIONS)
    throw new ScimError(413, undefined, `More than ${MAX_OPERATIONS} operations: send fewer at a time`);
  return judged('invalidSyntax', () => {
    const { Operations } = new SCIMMY.Messages.PatchOp({
      schemas: body.schemas as [typeof PATCH],
      Operations: list as Operation[],
    });
    return Operations.map(({ op, path, value }) => ({
      op: op.toLowerCase() as Operation['op'],
      ...(path === undefined ? {} : { path }),
      ...(value === undefined ? {} : { value }),
    }));
  });
};
/** A person after these operations, by the rules of RFC 7644. */
export const patched = async (user: Plain, operations: Operation[]): Promise<Plain> => {
  if (operations.length === 0) return user;
  const message = new SCIMMY.Messages.PatchOp({ schemas: [PATCH], Operations: operations });
  const changed = await message.apply(new UserResource(user)).catch((thrown: unknown) => {
    throw fromLibrary('invalidValue', thrown);
  });
  return changed ? (JSON.parse(JSON.stringify(changed)) as Plain) : user;
};

const TYPES = [
  { definition: USER, endpoint: '/Users' },
  { definition: GROUP, endpoint: '/Groups' },
] as const;
export const SCHEMA = { user: USER.id, group: GROUP.id };
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const listOfResources = (resources: object[], total = resources.length, startIndex = 1) => ({
  schemas: [LIST],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources,
});
export const schemasAt = (base: string): Plain[] =>
  TYPES.map(({ definition }) => JSON.parse(JSON.stringify(definition.describe(`${base}/Schemas`))) as Plain);
export const resourceTypesAt = (base: string): Plain[] =>
  TYPES.map(({ definition: { id, name, description }, endpoint }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint,
    description,
    schema: id,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  }));
/** At most so many in one answer to a list. */
export const MAX_LISTED = 200;
export const providerConfigAt = (base: string): Plain => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_LISTED },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'API key',
      description: 'A key with the scope scim, as a bearer token',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});
