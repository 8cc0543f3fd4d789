import { DUTY_CLASSES } from '../../contract/compensation.ts';
import { csvLine } from '../journal/csv.ts';
import type { Report } from './actions.ts';

/** `12.50` of 1250 where the currency has two digits: a decimal point, whatever the reader's country. */
export const decimal = (amount: number, digits: number): string => {
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
};
/** `168:05`, which spreadsheets read as a length of time. */
const clockOf = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

const COLUMNS = [
  'person',
  'name',
  'schedule',
  'team',
  'from',
  'to',
  'on_call',
  ...DUTY_CLASSES,
  'on_call_minutes',
  ...DUTY_CLASSES.map((name) => `${name}_minutes`),
  'scheduled_minutes',
  'elsewhere_minutes',
  'shifts',
  'pages',
  'amount',
  'currency',
];

/** One row a line of the report: what was counted as h:mm and in minutes, amounts as decimal numbers. */
export const csvOf = (report: Report): string =>
  [
    csvLine(COLUMNS),
    ...report.lines.map((line) =>
      csvLine([
        line.person,
        line.display_name,
        line.schedule,
        line.team,
        report.from,
        report.to,
        clockOf(line.counted_minutes),
        ...DUTY_CLASSES.map((name) => clockOf(line.minutes[name])),
        String(line.counted_minutes),
        ...DUTY_CLASSES.map((name) => String(line.minutes[name])),
        String(line.scheduled_minutes),
        String(line.elsewhere_minutes),
        String(line.shifts),
        String(line.pages),
        decimal(line.amount, report.fraction_digits),
        report.rules.currency ?? null,
      ]),
    ),
  ].join('');
