import { AppError, type ErrorCode, STATUS_OF } from '../../platform/errors.ts';
import { isUnstorable } from '../../platform/problems.ts';

/** The words of RFC 7644, section 3.12, that we use. */
type ScimType = 'uniqueness' | 'invalidFilter' | 'mutability' | 'invalidSyntax' | 'invalidPath' | 'noTarget' | 'invalidValue';

/** What a directory is refused with, as RFC 7644 says it. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  constructor(status: number, scimType: ScimType | undefined, message: string) {
    super(message);
    this.name = 'ScimError';
    this.status = status;
    this.scimType = scimType;
  }
}
export const wrongValue = (message: string) => new ScimError(400, 'invalidValue', message);
export const taken = (message: string) => new ScimError(409, 'uniqueness', message);
export const unknown = (what: string) => new ScimError(404, undefined, `${what} not found`);

/** RFC 7644 knows no 422. */
const STATUS: Record<ErrorCode, number> = { ...STATUS_OF, invalid: 400, unavailable: 503 };

/** What was thrown, as the directory is told; undefined for what is our own failure. */
export const scimErrorOf = (thrown: unknown): ScimError | undefined => {
  if (thrown instanceof ScimError) return thrown;
  if (thrown instanceof AppError)
    return new ScimError(STATUS[thrown.code], thrown.code === 'invalid' ? 'invalidValue' : undefined, thrown.message);
  if (isUnstorable(thrown)) return wrongValue('A value of this request cannot be stored');
  return undefined;
};

/** Does what the SCIM library may refuse; whatever it throws is the sender's to mend. */
export const judged = <T>(scimType: ScimType, work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    throw fromLibrary(scimType, thrown);
  }
};
export const fromLibrary = (scimType: ScimType, thrown: unknown): unknown => {
  if (thrown instanceof ScimError || thrown instanceof AppError) return thrown;
  if (!(thrown instanceof Error)) return thrown;
  const given = (thrown as { scimType?: ScimType }).scimType;
  // A TypeError of its own code says nothing to anybody else.
  const told = /^Cannot (read|set|convert)|is not a function|is not iterable|call stack/.test(thrown.message)
    ? 'cannot be read'
    : thrown.message;
  return new ScimError(400, given ?? scimType, told.replace(/ (for|of) .{0,20}operation \d+ in PatchOp request body$/, ''));
};
