import { z } from 'zod';
import { weekday } from './common.ts';

const windowEdge = z
  .string()
  .regex(
    /^((mon|tue|wed|thu|fri|sat|sun) )?([01]\d|2[0-3]):[0-5]\d$/,
    'a time such as 09:30, or a weekday and time such as fri 17:00',
  );
const isWeekly = (edge: string) => edge.length > 5;

export const restriction = z
  .strictObject({
    from: windowEdge.describe('`09:00` for a daily window, `fri 17:00` for a weekly one'),
    to: windowEdge.describe('exclusive, in the form of `from`; at or before it: past midnight, or past the end of the week'),
    days: z
      .array(weekday)
      .min(1)
      .max(7)
      .optional()
      .describe('daily windows only: the days on which the window begins; none: every day'),
  })
  .superRefine((window, refused) => {
    const refuse = (message: string, field: string) => refused.addIssue({ code: 'custom', message, path: [field] });
    if (isWeekly(window.from) !== isWeekly(window.to)) refuse('must have a weekday if and only if `from` has one', 'to');
    if (window.from === window.to)
      refuse('must differ from `from`: a window of no length; for a whole day give `mon 00:00` to `tue 00:00`', 'to');
    if (window.days && isWeekly(window.from))
      refuse('only for daily windows; this one names its weekdays in `from` and `to`', 'days');
  })
  .describe('local hours in which a layer is on call');
export type Restriction = z.infer<typeof restriction>;
