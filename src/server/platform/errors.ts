/**
 * The one error the product throws on purpose. Each surface has one mapper:
 * problem+json on our API, the vendor's own shape on theirs.
 */
export type ErrorCode =
  | 'invalid' // 422: the input is wrong; `field` says where
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not_found' // 404
  | 'conflict' // 409: someone else changed it, or it exists
  | 'stale' // 412: it is no longer as the caller last saw it
  | 'too_large' // 413
  | 'rate_limited' // 429
  | 'overloaded' // 503: our own load; the sender should retry
  | 'unavailable'; // 502: something we depend on did not answer

/** The HTTP status of each code on our own API; a vendor's surface may differ in a few. */
export const STATUS_OF: Record<ErrorCode, number> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 502,
};

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Path of the offending field, dotted: `layers.0.handoff.time`. */
  readonly field: string | undefined;
  /** Further members of the problem, for machines. */
  readonly facts: Record<string, string>;
  constructor(code: ErrorCode, message: string, field?: string, facts: Record<string, string> = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.field = field;
    this.facts = facts;
  }
}

export const invalid = (message: string, field?: string) => new AppError('invalid', message, field);
export const notFound = (what: string) => new AppError('not_found', `${what} not found`);

/** The message of anything thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
