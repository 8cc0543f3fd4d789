import { z } from 'zod';
import { channelName } from './people.ts';

/** A sentence by its key among the words of every language, and what is put in: text, or another sentence. */
export type Sentence = { key: string; values: Record<string, string | number | Sentence> };

const PAGE = ['number', 'title', 'service', 'severity', 'since', 'why'];
const TEST = ['why', 'by'];
const MEANS: Record<string, string> = {
  title: 'nobody would know what is wrong',
  service: 'whoever listens would not know where',
  since: 'whoever listens would not know since when',
  answers: 'the person could not answer',
  state: 'nobody would know how it stands',
};

type Part = {
  /** What may be put in. */
  placeholders: string[];
  /** Of each group one must be there. */
  needs: string[][];
  /** Characters of a template. */
  most: number;
  /** One line, or several. */
  lines: 'one' | 'several';
};
const title = (placeholders: string[], needs: string[][]): Part => ({ placeholders, needs, most: 150, lines: 'one' });
const further = (placeholders: string[]): Part => ({ placeholders, needs: [], most: 1000, lines: 'several' });
const written = {
  page_title: title(PAGE, [['title']]),
  page_text: further([...PAGE, 'link']),
  test_title: title(TEST, []),
  test_text: further([...TEST, 'link']),
};

/** What an administrator may word, by kind of channel: the parts of a message, and what each may and must say. */
export const WORDING_PARTS = {
  sms: {
    page: { placeholders: [...PAGE, 'answers', 'link'], needs: [['title'], ['answers', 'link']], most: 200, lines: 'several' },
    test: { placeholders: [...TEST, 'answers', 'link'], needs: [['answers', 'link']], most: 250, lines: 'several' },
  },
  voice: {
    // What is heard once must be short: no sentence that says why.
    page: { placeholders: PAGE.slice(0, 5), needs: [['title'], ['service'], ['since']], most: 150, lines: 'one' },
    test: { placeholders: TEST, needs: [], most: 200, lines: 'one' },
  },
  email: written,
  chat: { ...written, update: title([...PAGE.slice(0, 4), 'state'], [['state']]) },
  push: written,
} as const satisfies Record<string, Record<string, Part>>;
export type WordingKind = keyof typeof WORDING_PARTS;
export const WORDING_KINDS = Object.keys(WORDING_PARTS) as WordingKind[];
export type WordingKey = { [kind in WordingKind]: `${kind}.${keyof (typeof WORDING_PARTS)[kind] & string}` }[WordingKind];

const partsOf = (kind: string): Record<string, Part> =>
  Object.hasOwn(WORDING_PARTS, kind) ? WORDING_PARTS[kind as WordingKind] : {};
const partAt = (kind: string, part: string): Part | undefined => {
  const parts = partsOf(kind);
  return Object.hasOwn(parts, part) ? parts[part] : undefined;
};

const braced = (names: string[]): string => names.map((name) => `{${name}}`).join(' or ');

const noKind = (kind: string): string => `There is no wording of ${kind}: it is one of ${WORDING_KINDS.join(', ')}`;

/** Why this may not be how a part is worded; undefined: it may. An empty one is for what a message can do without. */
export const wordingProblem = (kind: string, part: string, template: string): string | undefined => {
  const rule = partAt(kind, part);
  if (!Object.hasOwn(WORDING_PARTS, kind)) return noKind(kind);
  if (!rule) return `There is no ${part} of ${kind}: it is one of ${Object.keys(partsOf(kind)).join(', ')}`;
  const { placeholders, needs, most, lines } = rule;
  for (const [, name = ''] of template.matchAll(/\{([^{}\n]*)\}/g)) {
    if (placeholders.includes(name)) continue;
    const meant = name.trim().toLowerCase();
    return placeholders.includes(meant)
      ? `{${name}} is written {${meant}}`
      : `There is no {${name}} here. There are ${placeholders.map((one) => `{${one}}`).join(', ')}`;
  }
  for (const group of needs)
    if (!group.some((name) => template.includes(`{${name}}`)))
      return `Without ${braced(group)} ${MEANS[group[0] as string]}: put it in`;
  if (template.trim() === '' && part !== 'page_text' && part !== 'test_text') return 'It would say nothing';
  if (lines === 'one' && /[\r\n]/.test(template)) return 'This is one line';
  if ([...template].length > most) return `This is ${[...template].length} characters long: ${most} at most`;
  return undefined;
};

/** By kind of channel, part and language. As it is stored: what is wrong in it is found where it is used, and the default takes its place. */
export const storedWording = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string())));
export type Wording = z.infer<typeof storedWording>;

const LANGUAGE = /^[a-z]{2,3}$/;
export const isLanguage = (code: string): boolean => LANGUAGE.test(code);
/** Why this may not be how a part is worded in a language. */
export const entryProblem = (kind: string, part: string, language: string, template: string): string | undefined =>
  isLanguage(language) ? wordingProblem(kind, part, template) : 'A language is written as two or three small letters, such as en';
export const wording = storedWording
  .superRefine((given, context) => {
    const wrong = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    for (const [kind, parts] of Object.entries(given)) {
      if (!Object.hasOwn(WORDING_PARTS, kind)) {
        wrong([kind], noKind(kind));
        continue;
      }
      for (const [part, languages] of Object.entries(parts))
        for (const [language, template] of Object.entries(languages)) {
          const problem = entryProblem(kind, part, language, template);
          if (problem) wrong([kind, part, language], problem);
        }
    }
  })
  .describe(
    'how messages are worded where it is not as usual: `sms`, `voice`, `email`, `chat` or `push`, then the part of a message (`page`, `test`, or `page_title`, `page_text`, `test_title`, `test_text`; `update` of chat), then the language. `{title}` and the like stand for what is put in. Absent in what is sent: as it was; `{}`: as usual',
  );

const kind = z.enum(['sms', 'voice', 'email', 'chat', 'push']);
const texts = z.record(z.string(), z.string());
const wordingPart = z.object({
  kind,
  part: z.string(),
  channels: z.array(channelName).describe('those that say it so'),
  placeholders: z.array(z.string()),
  needs: z.array(z.array(z.string())).describe('of each group one must be in it'),
  most: z.number().int().describe('characters of a template'),
  lines: z.enum(['one', 'several']),
  usual: texts.describe('the default, by language'),
  own: texts.describe('this installation’s own, by language'),
  problems: texts.describe('of an own one that is not used, because it cannot be: why, by language'),
});
export const wordingShown = z.object({
  languages: z.array(z.string()).describe('those with defaults, those of active people, those with an own wording'),
  parts: z.array(wordingPart),
});
export const wordingTry = z.strictObject({
  kind,
  language: z.string().regex(LANGUAGE, 'a language such as en'),
  templates: z.record(z.string(), z.string().max(5000)).describe('by part; a part that is absent is as usual'),
});
export const wordingTried = z.object({
  messages: z.array(
    z.object({
      about: z.enum(['page', 'test', 'update']),
      title: z.string().describe('empty where the channel has none'),
      text: z.string(),
      sms: z
        .object({ alphabet: z.enum(['GSM-7', 'UCS-2']), characters: z.number().int(), segments: z.number().int() })
        .optional(),
    }),
  ),
  problems: z.array(z.object({ part: z.string(), problem: z.string() })).describe('these parts are shown as usual'),
});
