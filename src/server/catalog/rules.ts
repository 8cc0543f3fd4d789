import type { Hours, Urgency } from '../../contract/common.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Whether a local moment lies in a daily window; one that runs past midnight belongs to the day it began on. */
export const inHours = (
  window: { from: string; to: string; days?: readonly string[] | undefined },
  local: Temporal.ZonedDateTime,
): boolean => {
  const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
  const today = DAYS[local.dayOfWeek - 1] as string;
  const yesterday = DAYS[(local.dayOfWeek + 5) % 7] as string;
  const on = (day: string) => !window.days || window.days.includes(day);
  if (window.from < window.to) return on(today) && time >= window.from && time < window.to;
  return (on(today) && time >= window.from) || (on(yesterday) && time < window.to);
};

export const inSupportHours = (support: { time_zone: string; hours: Hours[] }, at: Temporal.Instant): boolean => {
  const local = at.toZonedDateTimeISO(support.time_zone);
  return support.hours.some((window) => inHours(window, local));
};

/** How loudly to page, and why: support hours first, then the service's rule, then the severity. */
export const decideUrgency = (
  service: { urgency: string; support_hours: { time_zone: string; hours: Hours[]; urgency_outside: Urgency } | null },
  severity: string,
  at: Temporal.Instant,
): { urgency: Urgency; why: string } => {
  if (service.support_hours && !inSupportHours(service.support_hours, at))
    return { urgency: service.support_hours.urgency_outside, why: `outside support hours (${service.support_hours.time_zone})` };
  if (service.urgency === 'high' || service.urgency === 'low')
    return { urgency: service.urgency, why: `the service is always ${service.urgency}` };
  const urgency = severity === 'critical' || severity === 'error' ? 'high' : 'low';
  return { urgency, why: `severity ${severity}` };
};
