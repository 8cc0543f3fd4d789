import { type AppError, STATUS_OF } from '../../platform/errors.ts';
import type { Reply } from './types.ts';

/**
 * An Opsgenie answer: `fields` with `took` (seconds) and `requestId`, and the X- headers its SDKs insist on (opsgenie-go-sdk-v2
 * `ValidateResultMetadata`). `took` is 0 until `opsgenieTook` sets it.
 */
export function opsgenieReply(status: number, fields: Record<string, unknown>, requestId: string): Reply {
  return {
    status,
    body: { ...fields, took: 0, requestId },
    headers: {
      'X-Request-ID': requestId,
      'X-Response-Time': '0',
      'X-RateLimit-State': status === 429 ? 'THROTTLED' : 'OK',
      'X-RateLimit-Reason': 'ACCOUNT',
      'X-RateLimit-Period-In-Sec': '60',
    },
  };
}

/** The same answer with the time it took, in seconds, in body and header. */
export function opsgenieTook(reply: Reply, seconds: number): Reply {
  const took = Math.round(seconds * 1000) / 1000;
  return { ...reply, body: { ...(reply.body as object), took }, headers: { ...reply.headers, 'X-Response-Time': String(took) } };
}

/** 202: what every change answers; the Opsgenie client then asks for the request's status by `requestId`. */
export function opsgenieAccepted(requestId: string): Reply {
  return opsgenieReply(202, { result: 'Request will be processed' }, requestId);
}

/** 422 with a map of field to what is wrong with it. */
export function opsgenieInvalid(errors: Record<string, string>, requestId: string): Reply {
  return opsgenieReply(422, { message: 'Request body is not processable. Please check the errors.', errors }, requestId);
}

/** 200 for a read: `{data, took, requestId}`, and `paging` for a list. */
export function opsgenieData(data: unknown, requestId: string, paging?: Record<string, string>): Reply {
  return opsgenieReply(200, { data, ...(paging && { paging }) }, requestId);
}

/** How a processed request ended. `status` is the sentence senders compare: "Created alert", "Alert is already closed", … */
export type OpsgenieOutcome = {
  success: boolean;
  action: string;
  processedAt: Temporal.Instant;
  integrationId: string;
  status: string;
  alertId: string;
  alias: string;
};

/** 200 for `GET /v2/alerts/requests/{id}`. `requestId` is the one asked about. */
export function opsgenieRequestStatus(outcome: OpsgenieOutcome, requestId: string): Reply {
  const { success, processedAt } = outcome;
  return opsgenieData(
    { ...outcome, isSuccess: success, processedAt: processedAt.toString({ smallestUnit: 'millisecond' }) },
    requestId,
  );
}

/** 404 that tells the Go SDK to ask again: it looks at the status and this header, nothing else. */
export function opsgenieNotProcessed(requestId: string): Reply {
  const reply = opsgenieReply(404, { message: 'Request not found. It might not be processed, yet.' }, requestId);
  return { ...reply, headers: { ...reply.headers, 'X-Opsgenie-Errortype': 'RequestNotProcessed' } };
}

/** 202 for a heartbeat ping; Opsgenie's clients print the sentence. */
export function opsgeniePong(requestId: string): Reply {
  return opsgenieReply(202, { result: 'PONG - Heartbeat received' }, requestId);
}

/** One of our errors in Opsgenie's shape; a field makes it the 422 with a map. */
export function opsgenieError(error: AppError, requestId: string): Reply {
  if (error.code === 'invalid') return opsgenieInvalid({ [error.field ?? 'request']: error.message }, requestId);
  const message = error.code === 'unauthenticated' ? 'Could not authenticate' : error.message;
  return opsgenieReply(STATUS_OF[error.code], { message }, requestId);
}
