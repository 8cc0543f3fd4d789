import type { AlertSeverity, Image, Link, Signal } from '../../alerts/types.ts';
import { flattenLabels } from './fields.ts';
import { cleanJson, cutKey, cutText, LIMITS } from './truncate.ts';
import type { ParseInput } from './types.ts';

type Draft = {
  action: Signal['action'];
  dedupKey: string;
  summary: string;
  severity: AlertSeverity;
  source: string;
  /** Already flat or not: only scalars, dotted objects and lists of scalars survive. */
  labels?: unknown;
  /** From `linksOf` and `imagesOf`, which keep the limits. */
  links?: Link[];
  images?: Image[];
  startsAt?: Temporal.Instant | undefined;
  endsAt?: Temporal.Instant | undefined;
  by?: string | undefined;
  raw: unknown;
};

/** The signal of a draft with every limit applied and every text fit for PostgreSQL. The one place signals are made. */
export function makeSignal(input: ParseInput, draft: Draft): Signal {
  return {
    integrationId: input.integration.id,
    action: draft.action,
    dedupKey: cutKey(draft.dedupKey),
    summary: cutText(draft.summary, LIMITS.summary),
    severity: draft.severity,
    source: cutText(draft.source, LIMITS.source),
    labels: flattenLabels(draft.labels),
    links: draft.links ?? [],
    images: draft.images ?? [],
    ...(draft.startsAt && { startsAt: draft.startsAt }),
    ...(draft.endsAt && { endsAt: draft.endsAt }),
    ...(draft.by && { by: cutText(draft.by, LIMITS.source) }),
    raw: cleanJson(draft.raw),
  };
}

/** The key of an event that names none: the request's UUID as 32 hex digits, which is what PagerDuty makes up too. */
export function keyOfRequest(input: ParseInput): string {
  return input.requestId.replaceAll('-', '');
}
