import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { EscalationPolicy, EscalationStep, Target } from '../../../contract/escalation.ts';
import type { pagedStep, policyPreview } from '../../../contract/trace.ts';
import { api, ok, okWithTag } from '../../api/client.ts';

export type { EscalationPolicy as Policy, EscalationStep as Step, Target };
export type Paged = z.infer<typeof pagedStep>;
export type PolicyPreview = z.infer<typeof policyPreview>;

export const policiesQuery = queryOptions({
  queryKey: ['escalation', 'all'],
  queryFn: () => ok(api.GET('/api/escalation-policies')),
});
export const policyQuery = (name: string) =>
  queryOptions({
    queryKey: ['escalation', 'one', name],
    queryFn: () => okWithTag(api.GET('/api/escalation-policies/{name}', { params: { path: { name } } })),
  });
export const schedulesQuery = queryOptions({ queryKey: ['schedules', 'all'], queryFn: () => ok(api.GET('/api/schedules')) });

export type Question = { at: string; urgency: 'high' | 'low'; service: string };
/** What the policy, as it stands on the screen, would do. A refusal says what is wrong with it. */
export const previewQuery = (policy: EscalationPolicy, { at, urgency, service }: Question) =>
  queryOptions({
    queryKey: ['escalation', 'preview', JSON.stringify(policy), at, urgency, service],
    queryFn: () =>
      ok(api.POST('/api/escalation-policies/preview', { body: { policy, at, urgency, ...(service ? { service } : {}) } })),
    placeholderData: keepPreviousData,
  });

/** What would keep the pages of a saved policy from arriving now. */
export const readinessQuery = (name: string) =>
  queryOptions({
    queryKey: ['escalation', 'readiness', name],
    queryFn: async () => (await ok(api.POST('/api/escalation-policies/preview', { body: { name } }))).readiness,
    staleTime: 300_000,
  });
