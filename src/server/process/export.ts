import { Document, isMap, isScalar, type Scalar, type YAMLMap } from 'yaml';
import { type ProcessDocument, SECTIONS } from '../../contract/process.ts';
import { withoutDefaults } from './defaults.ts';
import { referencesOf } from './references.ts';
import { isReference, isSecretField, standIn } from './secrets.ts';
import { type Kind, ORDERED } from './types.ts';

const HEADER = ` The incident process of this organisation, as Allclear keeps it. Keep this file in Git.
   allclear plan process.yaml     says what would change
   allclear apply process.yaml    changes it
 A key that is present speaks for its whole kind; a key that is absent leaves its kind alone.`;
const COMMENTS: Record<Kind, string> = {
  people: 'Who can be paged, and how. Low-urgency pages wait until quiet_hours end.',
  teams: 'Who works together, and whom to ask first.',
  schedules: 'Who is on call when. Times are local to time_zone.',
  escalation_policies: 'Whom an incident pages, step by step, until somebody answers.',
  services: 'What can break, who owns it, and by which policy it pages.',
  integrations: 'What sends alerts. The key is a secret: it is part of the address alerts are sent to.',
  routing: 'Asked in this order; each rule that matches sets its fields over what earlier ones set.',
  silences: 'What is recorded and not paged, until when, and why.',
  settings: 'How messages leave. A secret may be written ${env:NAME}: the server reads it from its environment.',
  severities: 'From worst to least.',
  roles: 'Who does what in an incident.',
  templates: 'Messages with blanks.',
  postmortems: 'What was learned.',
};
const STAND_IN_COMMENT = ' stored in Allclear and not shown; set this variable on the server to replace it';

/**
 * The file that says all this: sections commented, in a stable order, defaults left out. Planning it changes nothing.
 * Channel secrets become references; integration keys are written only with `keys`.
 */
export const exportYaml = (current: ProcessDocument, keys: boolean): string => {
  const whole = withoutTheDeparted(current);
  const sections: [Kind, unknown][] = [];
  for (const kind of Object.keys(SECTIONS) as Kind[]) {
    if (kind === 'settings') {
      const settings = whole.settings && withoutDefaults(SECTIONS.settings, whole.settings);
      if (settings && Object.keys(settings).length > 0) sections.push([kind, settings]);
      continue;
    }
    const items = (whole[kind] as { name?: string }[]).map(
      (item) => withoutDefaults(SECTIONS[kind].element, item) as { name: string },
    );
    if (items.length === 0) continue;
    sections.push([kind, ORDERED.includes(kind) ? items : items.sort((a, b) => (a.name < b.name ? -1 : 1))]);
  }
  const document = new Document(
    Object.fromEntries(sections), // Quoted where YAML 1.1 would read a time or a date as something else.
    { aliasDuplicateObjects: false, compat: 'yaml-1.1' },
  );
  document.commentBefore = HEADER;
  if (isMap(document.contents))
    for (const [index, pair] of document.contents.items.entries()) {
      const key = pair.key as Scalar;
      key.commentBefore = ` ${COMMENTS[key.value as Kind]}`;
      key.spaceBefore = index > 0;
    }
  hideIntegrationSecrets(document, whole, keys);
  hideChannelSecrets(document.getIn(['settings', 'channels'], true), []);
  return sections.length === 0 ? `#${HEADER.replaceAll('\n', '\n#')}\n{}\n` : document.toString({ lineWidth: 0 });
};

/** Someone deactivated is told of only where a name still stands for her. */
const withoutTheDeparted = (current: ProcessDocument): ProcessDocument => {
  const named = new Set(referencesOf(current).flatMap((one) => (one.to === 'people' ? [one.target] : [])));
  return { ...current, people: current.people.filter((person) => person.active || named.has(person.name)) };
};

const hideIntegrationSecrets = (document: Document, whole: ProcessDocument, keys: boolean): void => {
  if (keys) return;
  const list = document.getIn(['integrations'], true) as { items: YAMLMap[] } | undefined;
  for (const item of list?.items ?? []) {
    const name = String(item.get('name'));
    item.delete('key');
    const hmac = whole.integrations.find((one) => one.name === name)?.hmac_secret;
    if (hmac !== undefined && !isReference(hmac)) setStandIn(item, 'hmac_secret', [name, 'hmac_secret']);
  }
};
const hideChannelSecrets = (node: unknown, path: string[]): void => {
  if (!isMap(node)) return;
  for (const pair of node.items) {
    const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (
      isScalar(pair.value) &&
      typeof pair.value.value === 'string' &&
      isSecretField('settings', key) &&
      !isReference(pair.value.value)
    )
      setStandIn(node as YAMLMap, key, [...path, key]);
    else hideChannelSecrets(pair.value, [...path, key]);
  }
};
const setStandIn = (map: YAMLMap, key: string, names: string[]): void => {
  map.set(key, standIn(...names));
  const node = map.get(key, true);
  if (isScalar(node)) node.comment = STAND_IN_COMMENT;
};
