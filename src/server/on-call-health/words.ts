import type { Notice } from '../paging/types.ts';
import type { Passed } from './rules.ts';

const counted = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

const listed = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

const factOf = (passed: Passed, locale: string): Notice['facts'][number] => {
  const dated = (day: string) =>
    Temporal.PlainDate.from(day).toLocaleString(locale, { weekday: 'short', day: 'numeric', month: 'short' });
  if (passed.limit === 'night')
    return {
      label: `Night of ${dated(passed.night)}`,
      value: `${counted(passed.pages, 'page', 'pages')}; the limit is ${passed.most}`,
    };
  if (passed.limit === 'week')
    return { label: 'The week', value: `${counted(passed.pages, 'page', 'pages')}; the limit is ${passed.most}` };
  return {
    label: 'Without a free day',
    value: `${counted(passed.days, 'day', 'days')} on call; the limit is ${passed.most}`,
  };
};

/**
 * The notice of one person's week: the same words for that person and for those who lead, each told who else reads them.
 * It compares nobody with anybody.
 */
export const noticeOf = (
  about: { display_name: string; week: Temporal.PlainDate; passed: Passed[]; told: string[] },
  reader: { locale: string },
  path: string,
): Notice => {
  const monday = about.week.toLocaleString(reader.locale, { weekday: 'long', day: 'numeric', month: 'long' });
  return {
    subject: 'On-call load: a private note',
    text: [
      `On call asked more of ${about.display_name} than it should in the week of ${monday}.`,
      'That says something about the rota and the alerts, and nothing about the person. A morning off, a swap, or fewer alerts that need nobody would help.',
      `These words went to ${listed(about.told)}, and to nobody else.`,
    ].join('\n\n'),
    facts: about.passed.map((one) => factOf(one, reader.locale)),
    path,
    private: true,
  };
};
