import { CHANNEL_NAMES } from '../../contract/channel-names.ts';

const PART: Record<string, string> = {
  page: 'A page',
  test: 'A test page',
  page_title: 'Title of a page',
  page_text: 'Further text of a page',
  test_title: 'Title of a test page',
  test_text: 'Text of a test page',
  update: 'How it stands now',
};
const KIND: Record<string, string> = { sms: 'SMS', voice: 'Call', email: 'Mail', chat: 'Chat', push: 'Push' };
const language = new Intl.DisplayNames('en', { type: 'language' });

const partNamed = (part: string): string => PART[part] ?? part;
type Where = { kind: string; part: string; language: string };
const whereNamed = (at: Where): string => `${KIND[at.kind] ?? at.kind}, ${partNamed(at.part)}, ${language.of(at.language)}`;

/** Words of the screen where messages are worded. */
export const wording = {
  why: 'What people are told. Each part can have words of your own, by kind of channel and by language; the rest stays as it is.',
  channel: 'Kind of channel',
  kind: KIND,
  says: {
    sms: 'The whole text. A long title gives way first. Replies come back only where the sender is a number; a link always leads to the answer.',
    voice: 'It is said twice, and each time which key to press.',
    email: 'The facts, the button to acknowledge and how to reply stay below, whatever is written here.',
    chat: 'The facts and the buttons stay below, whatever is written here. A message to a channel is in English.',
    push: 'The facts and the buttons stay below, whatever is written here.',
  } as Record<string, string>,
  used: (channels: string[]) => `Used by ${channels.map((one) => CHANNEL_NAMES[one] ?? one).join(', ')}.`,
  language: 'Language',
  named: (code: string) => language.of(code) ?? code,
  part: partNamed,
  own: 'Your own',
  usual: 'As usual',
  placeholders: (names: string[]) => `May have ${names.map((name) => `{${name}}`).join(' ')}`,
  most: (length: number, most: number) => `${length} of ${most} characters`,
  empty: 'Nothing is added',
  back: 'Back to the default',
  unused: (problem: string) => `This is stored, but cannot be used, so the default is: ${problem}`,
  unusable: 'Stored, but cannot be used',
  whereUnusable: (at: Where & { why: string }) => `${whereNamed(at)}: ${at.why}. The default is sent.`,
  show: 'Show',
  showNamed: (at: Where) => `Show: ${whereNamed(at)}`,
  backNamed: (at: Where) => `Back to the default: ${whereNamed(at)}`,
  left: (names: string[]) => `This version does not word ${names.join(', ')}. Saving leaves that out.`,
  meaning: 'What may be put in',
  means: {
    number: 'the number of the incident',
    title: 'what is wrong; shortened where there is little room',
    service: 'the service',
    severity: 'how bad it is, in the language of the person',
    since: 'since when, on the clock of the person',
    why: 'why this person is told',
    by: 'by when to confirm',
    answers: 'how to answer; in fewer words where that saves a segment',
    link: 'where to answer',
    state: 'how it stands, such as: is acknowledged by Ana',
  } as Record<string, string>,
  braced: (name: string) => `{${name}}`,
  preview: 'Preview',
  about: { page: 'A page', test: 'A test page', update: 'How it stands now' } as Record<string, string>,
  segments: (segments: number, characters: number, alphabet: string) =>
    `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${characters} characters (${alphabet})`,
  segmentsWhy: 'A segment holds 160 characters of GSM-7, or 70 with any sign outside it (UCS-2). Each is charged.',
  asUsual: 'While something is wrong with a part, it is shown as usual.',
  save: 'Save wording',
};
