import type { z } from 'zod';
import {
  isLanguage,
  type wordingShown as shownSchema,
  WORDING_KINDS,
  WORDING_PARTS,
  type WordingKey,
  type WordingKind,
  wordingProblem,
  type wordingTried,
  type wordingTry,
} from '../../contract/wording.ts';
import { smsSize } from '../channels/sms/gsm7.ts';
import { brokenWording, channelsWorded } from '../channels/words/wording.ts';
import { languages, say, tell, unfilled } from '../channels/words/words.ts';
import { allPeople } from '../identity/actions.ts';
import type { Ctx } from '../platform/ctx.ts';
import { signLink } from '../platform/links.ts';
import { readSettings } from './settings.ts';
import { pageWords, type Told, testWords, updateWords } from './wording.ts';

/** What may be worded, how it is usually worded, and how this installation words it. */
export const wordingShown = async (ctx: Ctx): Promise<z.input<typeof shownSchema>> => {
  const own = (await readSettings(ctx)).wording ?? {};
  const broken = brokenWording(own);
  const spoken = (await allPeople(ctx)).flatMap(({ active, locale }) => (active ? [locale.split('-')[0] ?? ''] : []));
  const written = Object.values(own).flatMap((parts) => Object.values(parts).flatMap((one) => Object.keys(one)));
  return {
    languages: [
      ...languages,
      ...[...new Set([...spoken, ...written])].filter((one) => isLanguage(one) && !languages.includes(one)).toSorted(),
    ],
    parts: WORDING_KINDS.flatMap((kind) =>
      Object.entries(WORDING_PARTS[kind]).map(([part, rule]) => ({
        kind,
        part,
        channels: channelsWorded(kind),
        ...rule,
        usual: Object.fromEntries(languages.map((one) => [one, unfilled(one, `${kind}.${part}` as WordingKey)])),
        own: own[kind]?.[part] ?? {},
        problems: Object.fromEntries(
          broken.filter((one) => one.kind === kind && one.part === part).map((one) => [one.language, one.problem]),
        ),
      })),
    ),
  };
};

const NOBODY = '00000000-0000-0000-0000-000000000000';
const SAMPLE = { number: 'INC-2026-0142', title: 'Error rate above 5 % for 10 minutes', service: 'checkout-api' };

/** Messages of a sample incident in this wording. What it cannot be is told, and shown as usual. Changes and sends nothing. */
export const tryWording = (
  ctx: Ctx,
  { kind, language, templates }: z.output<typeof wordingTry>,
): z.input<typeof wordingTried> => {
  const problems = Object.entries(templates).flatMap(([part, template]) => {
    const problem = wordingProblem(kind, part, template);
    return problem ? [{ part, problem }] : [];
  });
  const told: Told = {
    own: { [kind]: Object.fromEntries(Object.entries(templates).map(([part, template]) => [part, { [language]: template }])) },
    channel: channelsWorded(kind)[0] ?? 'email',
    locale: language,
  };
  // A link of the usual length that leads nowhere.
  const link = `${ctx.publicUrl}/p/${signLink(ctx.secret, 'page', NOBODY, ctx.now)}`;
  const values = { ...SAMPLE, severity: say(language, 'severity.critical'), since: '02:38', link };
  const layer = { key: 'why.layer', values: { layer: 'weekly' } };
  const why = tell(language, { key: 'why.on_call', values: { role: 'primary', schedule: 'checkout', why: layer } });
  const asked = tell(language, { key: 'why.planned_test', values: { plan: 'checkout' } });
  const messages: z.input<typeof wordingTried>['messages'] = [
    { about: 'page' as const, words: pageWords(told, { ...values, why }, []) },
    { about: 'test' as const, words: testWords(told, { why: asked, by: '18:00', link }) },
  ].map(({ about, words }) => shown(kind, language, about, words));
  if (kind === 'chat')
    messages.push({
      about: 'update',
      title: '',
      text: updateWords(told.own, language, { ...values, state: say(language, 'state.acknowledged_by', { person: 'Ana Berg' }) }),
    });
  return { messages, problems };
};

const shown = (kind: WordingKind, language: string, about: 'page' | 'test', words: ReturnType<typeof pageWords>) => {
  const { subject, sms = '', spoken = '', body = '' } = words;
  if (kind === 'sms') return { about, title: '', text: sms, sms: smsSize(sms) };
  if (kind === 'voice') return { about, title: '', text: `${spoken} ${say(language, 'call.keys')}` };
  return { about, title: subject, text: body };
};
