import { dirname, join, normalize } from 'node:path';

/** A source tree: path from the repository root → text. */
export type Tree = Map<string, string>;
export type Rule = (tree: Tree) => string[];

/** The import order of `src/server`: a module imports only those before it. */
const ORDER = [
  'platform',
  'journal',
  'channels',
  'identity',
  'catalog',
  'absences',
  'schedules',
  'silences',
  'paging',
  'user-groups',
  'cover',
  'compensation',
  'escalation',
  'readiness',
  'incidents',
  'on-call-health',
  'handoffs',
  'leaving',
  'alerts',
  'ingest',
  'heartbeats',
  'phone',
  'trace',
  'process',
  'setup',
  'backup',
];

/** What of a module others may import, besides `types.ts` and `actions.ts`. */
const DOORS: Record<string, RegExp> = {
  platform: /./,
  channels:
    /^(registry|ping|probe|public-url|chat-text|vendors)\.ts$|^slack\/(blocks|client|groups|inbound|socket)\.ts$|^twilio\/(inbound|twiml)\.ts$|^plivo\/(inbound|xml)\.ts$|^sms\/(gsm7|sms)\.ts$|^voice\/voice\.ts$|^phone\/phone\.ts$|^words\/(fill|words|wording)\.ts$|^email\/(reply|sender)\.ts$|^webhook\/sign\.ts$|^webpush\/vapid\.ts$|^pushover\/pushover\.ts$|^telegram\/(client|inbound)\.ts$|^mattermost\/inbound\.ts$/,
  journal: /^(read|csv|versions)\.ts$/,
  absences: /^feed\.ts$/,
  identity: /^permissions\.ts$/,
  catalog: /^rules\.ts$/,
  incidents: /^answer-layout\.ts$/,
};

const isTest = (path: string) => /\.test\.tsx?$|\/testing\.ts$|-oracle\.ts$|-samples\.ts$/.test(path);
const production = (tree: Tree) => [...tree].filter(([path]) => path.startsWith('src/') && !isTest(path));
const moduleOf = (path: string) => path.match(/^src\/server\/([\w-]+)\//)?.[1];

/** Texts and comments blanked, so that a word in a sentence is not taken for code; the shape stays. */
const code = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''");

const importsOf = (path: string, text: string): string[] =>
  [...text.matchAll(/^(?:import|export)\b[^;]*?from\s+'(\.[^']+)'|^import\s+'(\.[^']+)'|import\('(\.[^']+)'\)/gm)].map((match) =>
    normalize(join(dirname(path), match[1] ?? match[2] ?? match[3] ?? '')),
  );

export const followsTheOrder: Rule = (tree) =>
  production(tree).flatMap(([path, text]) =>
    importsOf(path, text).flatMap((target) => {
      const from = moduleOf(path);
      const to = moduleOf(target);
      if (path.startsWith('src/contract/') && !target.startsWith('src/contract/'))
        return [`${path} imports ${target}: contract/ imports zod and itself only. Move what it needs into contract/.`];
      if (path.startsWith('src/cli/') && path !== 'src/cli/serve.ts' && target.startsWith('src/server/'))
        return [`${path} imports ${target}: the command line talks HTTP. Call the API through client.ts.`];
      if (path.startsWith('src/web/') && !/^src\/(web|contract)\//.test(target))
        return [`${path} imports ${target}: the console talks HTTP. Call the API through src/web/api/client.ts.`];
      if (!from || !to || from === to) return [];
      const [here, there] = [ORDER.indexOf(from), ORDER.indexOf(to)];
      if (here < 0 || there < 0)
        return [
          `${path}: the module ${here < 0 ? from : to} has no place in the import order. Add it to ORDER in test/architecture/rules.ts.`,
        ];
      if (there > here)
        return [`${path} imports ${target}, which comes after it in the import order. Emit an event and answer it in flow.ts.`];
      const file = target.slice(`src/server/${to}/`.length);
      if (file === 'types.ts' || file === 'actions.ts' || DOORS[to]?.test(file)) return [];
      return [`${path} imports ${target}: of another module only types.ts and actions.ts. Export it from ${to}/actions.ts.`];
    }),
  );

export const hasNoCycle: Rule = (tree) => {
  const graph = new Map(
    production(tree).map(([path, text]) => [path, importsOf(path, text.replace(/^(import|export) type [^;]*;/gm, ''))]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      found.push(
        `${[...trail.slice(trail.indexOf(path)), path].join(' → ')}: a cycle. Move what both need into a file of its own.`,
      );
      return;
    }
    state.set(path, 'open');
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, 'done');
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
};

export const hasNoBarrel: Rule = (tree) =>
  production(tree).flatMap(([path]) =>
    /\/index\.tsx?$/.test(path) ? [`${path}: no barrels. Import the file that has the thing.`] : [],
  );

const SQL = /\bsql(?:<[^`]*>)?`|\.(?:selectFrom|insertInto|updateTable|deleteFrom)\(/;
export const keepsSqlInStores: Rule = (tree) =>
  production(tree).flatMap(([path, text]) =>
    SQL.test(text) && !/(^|[/-])store\.ts$/.test(path) && moduleOf(path) !== 'platform'
      ? [`${path} contains SQL. Move the query to the module's store.ts.`]
      : [],
  );

export const hasOneWriterPerTable: Rule = (tree) => {
  const writers = new Map<string, Set<string>>();
  for (const [path, text] of production(tree)) {
    const module = moduleOf(path);
    // Restoring a backup writes every table, once, into an empty database.
    if (!module || module === 'backup') continue;
    for (const match of text.matchAll(
      /(?:insertInto|updateTable|deleteFrom)\('(\w+)'\)|\b(?:insert into|delete from)\s+(\w+)|\bupdate\s+(\w+)\s+(?:\w+\s+)?set\b/g,
    )) {
      const table = match[1] ?? match[2] ?? match[3] ?? '';
      const set = writers.get(table) ?? new Set();
      writers.set(table, set.add(module));
    }
  }
  return [...writers].flatMap(([table, modules]) =>
    modules.size > 1
      ? [`The table ${table} is written by ${[...modules].join(' and ')}. Let its owner export an action, or emit an event.`]
      : [],
  );
};

const only =
  (pattern: RegExp, allowed: RegExp, message: string): Rule =>
  (tree) =>
    production(tree).flatMap(([path, text]) => (pattern.test(code(text)) && !allowed.test(path) ? [`${path} ${message}`] : []));

export const readsTheClockInOnePlace = only(
  /\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b/,
  /^src\/server\/platform\/clock\.ts$|^src\/cli\/|^src\/web\/time\.ts$/,
  'reads the clock. Take `now` from ctx, or pass platform/clock.',
);
/** Grounds, lines and greys are layout; every other colour means something, and what it means is decided in `ui/`. */
export const keepsColoursInUi: Rule = (tree) =>
  production(tree).flatMap(([path, text]) =>
    path.startsWith('src/web/') &&
    !/^src\/web\/(ui|shell)\//.test(path) &&
    (/\b(?:text|bg|border|fill|stroke|outline|ring|shadow|decoration|accent|caret)-(?:critical|high|medium|low|ok|maint|unknown|accent|who|inverse)\b/.test(
      text,
    ) ||
      /['"`[(:\s](?:#[0-9a-fA-F]{3,8}|rgba?\(|hsla?\(|oklch\()/.test(text))
      ? [`${path} names a colour. Use a component of src/web/ui/, or add one there.`]
      : [],
  );

export const readsTheEnvironmentInOnePlace = only(
  /\bprocess\.env\b/,
  /^src\/server\/platform\/config\.ts$|^src\/cli\/(serve|terminal|client|program|here)\.ts$/,
  'reads the environment. Add the setting to platform/config.',
);
export const fetchesInFewPlaces = only(
  /(?<![.\w])fetch\(/,
  /^src\/server\/(channels|monitors|identity)\/|^src\/cli\/client\.ts$|^src\/web\/(api|service-worker)/,
  'calls fetch. Send through a channel, whose guard knows which addresses are allowed.',
);

/** Top-level functions of a file, by name. */
const functionsOf = (text: string): Map<string, { body: string; exported: boolean }> => {
  const out = new Map<string, { body: string; exported: boolean }>();
  const starts = [...text.matchAll(/^(export )?(?:const (\w+) = (?:async )?\(|(?:async )?function (\w+)\()/gm)];
  starts.forEach((match, index) => {
    const end = starts[index + 1]?.index ?? text.length;
    out.set(match[2] ?? match[3] ?? '', { body: text.slice(match.index, end), exported: match[1] !== undefined });
  });
  return out;
};

/**
 * Functions that change something and leave the permission or the journal to another, and why that is right.
 * Anything new here needs a reason as good.
 */
const OWN_RECORD = 'the row it writes is the record: it keeps its own decisions, tries and times';
const BY_KEY = 'the key or signature that its route checked is the permission';
const HER_OWN = 'it reaches only what is of whoever asks';
export const EXCUSED: Record<string, string> = {
  'alerts.receive': OWN_RECORD,
  'alerts.trigger': OWN_RECORD,
  'alerts.group': OWN_RECORD,
  'alerts.endOrAcknowledge': OWN_RECORD,
  'alerts.resolveAlerts': OWN_RECORD,
  'alerts.reconsider': OWN_RECORD,
  'alerts.judgeDropped': OWN_RECORD,
  'alerts.expire': OWN_RECORD,
  'alerts.resolveWithIncident': "the incident's own entry says so",
  'alerts.moveWithIncident': "the incidents' own entries say so",
  'alerts.deleteAlert': BY_KEY,
  'alerts.editAlert': BY_KEY,
  'alerts.unacknowledgeAlert': BY_KEY,
  'cover.askInChat': 'the request that it tells of is journalled',
  'cover.tellChat': OWN_RECORD,
  'heartbeats.ping': 'a sign of life is no change; the alert that its absence opens is journalled',
  'heartbeats.check': 'the alert it opens is the record',
  'identity.makeFirstAdministrator': BY_KEY,
  'identity.makeUser': 'what lets her in is journalled by whoever lets her in',
  'identity.prepareSignOn': 'it notes what a provider says of itself, for a day',
  'identity.testSignOn': 'its route checks the permission; it notes what a provider says of itself',
  'identity.forgot': 'anybody may ask: the link goes to the address of record, at most three an hour',
  'identity.acceptInvitation': BY_KEY,
  'identity.endOwnSession': HER_OWN,
  'identity.endOtherSessions': HER_OWN,
  'identity.createOwnToken': HER_OWN,
  'identity.authenticate': 'it only notes when a token was last used',
  'identity.authenticateDirectory': 'it only notes when a token was last used',
  'identity.noteRefused': OWN_RECORD,
  'incidents.change': 'each move that calls it says so on the timeline',
  'ingest.createIntake': OWN_RECORD,
  'journal.journal': 'it is the journal',
  'on-call-health.watch':
    'what it tells is private: that a person was told of a week is a row, and nothing an audit log may show',
  'paging.recover': OWN_RECORD,
  'paging.receiptOfToken': BY_KEY,
  'paging.receiptDue': OWN_RECORD,
  'paging.probeProviders': OWN_RECORD,
  'paging.startDeliveries': OWN_RECORD,
  'paging.ruleDue': OWN_RECORD,
  'paging.addDeliveries': OWN_RECORD,
  'paging.waitingOver': OWN_RECORD,
  'paging.releaseWaiting': OWN_RECORD,
  'phone.begin': OWN_RECORD,
  'phone.take': BY_KEY,
  'phone.record': OWN_RECORD,
  'phone.transcribe': OWN_RECORD,
  'phone.leave': BY_KEY,
  'process.carryOut': 'it acts through the actions of other modules',
  'user-groups.look': OWN_RECORD,
};

export const actsWithPermissionAndJournal =
  (excused: Record<string, string>): Rule =>
  (tree) => {
    const writers = new Map<string, Set<string>>();
    for (const [path, text] of production(tree)) {
      const module = moduleOf(path);
      if (!module || !/(^|[/-])store\.ts$/.test(path)) continue;
      const set = writers.get(module) ?? new Set<string>();
      for (const [name, { body }] of functionsOf(text))
        if (/insertInto|updateTable|deleteFrom|\binsert into\b|\bupdate \w+ (\w+ )?set\b|\bdelete from\b/.test(body))
          set.add(name);
      writers.set(module, set);
    }
    return production(tree).flatMap(([path, text]) => {
      const module = moduleOf(path);
      if (!module || module === 'platform' || /store\.ts$|routes\.ts$|types\.ts$/.test(path)) return [];
      const routes = [...tree]
        .flatMap(([other, source]) => (/routes\.ts$/.test(other) && moduleOf(other) === module ? [source] : []))
        .join('\n');
      const functions = functionsOf(text);
      // What a function does counts with what it asks others of its file to do.
      const reach = (name: string, seen = new Set<string>()): string => {
        if (seen.has(name)) return '';
        seen.add(name);
        const body = functions.get(name)?.body ?? '';
        return (
          body +
          [...functions.keys()]
            .filter((other) => other !== name && new RegExp(`\\b${other}\\(`).test(body))
            .map((other) => reach(other, seen))
            .join('')
        );
      };
      return [...functions].flatMap(([name, { exported }]) => {
        const body = reach(name);
        const writes = [...(writers.get(module) ?? [])].some((writer) => new RegExp(`\\bstore\\.${writer}\\(`).test(body));
        if (!exported || !writes || excused[`${module}.${name}`]) return [];
        const out: string[] = [];
        // What no route names is part of an action that was allowed, or is done by the system itself.
        if (new RegExp(`\\.${name}\\b|\\b${name}\\(ctx`).test(routes) && !/\ballow\w*\(|\blocked\(/.test(body))
          out.push(
            `${path}: ${name} changes something without a permission check. Begin it with allow(ctx, …), or excuse ${module}.${name} with a reason.`,
          );
        if (!/\bjournal\(|\bsay\(/.test(body))
          out.push(
            `${path}: ${name} changes something and leaves no journal entry. Call journal(ctx, …), or excuse ${module}.${name} with a reason.`,
          );
        return out;
      });
    });
  };

export const describesEveryRoute: Rule = (tree) =>
  production(tree).flatMap(([path, text]) => {
    if (!/routes\.ts$/.test(path)) return [];
    const starts = [...text.matchAll(/\broute\(\s*\{/g)].map((match) => match.index);
    return starts.flatMap((start, index) => {
      const definition = text.slice(start, starts[index + 1] ?? text.length).split(/\n {2}\}?\);|async \(ctx|\(ctx[,)]/)[0] ?? '';
      const method = definition.match(/method: '(\w+)'/)?.[1];
      const where = definition.match(/path: ['`]([^'`]+)/)?.[1] ?? '?';
      const out: string[] = [];
      if (method === 'get' && !/\bresult[:,]/.test(definition))
        out.push(`${path}: GET ${where} has no result schema. Describe its answer in contract/.`);
      if (method === 'get' && !/\bpermission:/.test(definition))
        out.push(`${path}: GET ${where} names no permission. Say which one reading it takes.`);
      if (!/\bsummary[:,]/.test(definition)) out.push(`${path}: ${method} ${where} has no summary.`);
      return out;
    });
  });

export const answersEveryEvent: Rule = (tree) => {
  const flow = tree.get('src/server/flow.ts') ?? '';
  return production(tree).flatMap(([path, text]) =>
    [...text.matchAll(/interface (EventMap|JobMap) \{([\s\S]*?)\n {2}\}/g)].flatMap((block) =>
      [...(block[2] ?? '').matchAll(/^\s*'([\w.]+)':/gm)].flatMap((event) =>
        flow.includes(`'${event[1]}':`) ? [] : [`${path}: ${event[1]} has no line in flow.ts. Name the action that answers it.`],
      ),
    ),
  );
};
