import { guardedFetch } from '../channels/public-url.ts';
import { AppError, messageOf } from '../platform/errors.ts';
import { type Discovered, discoveryAddress, readDiscovery } from './sign-on-rules.ts';

const PATIENCE_MS = 8000;

/** Asks a provider what it is. Answers what is wrong in words; it throws nothing. */
export const discover = async (issuer: string, allowedHosts: string[]): Promise<{ found: Discovered } | { wrong: string }> => {
  const address = discoveryAddress(issuer);
  let response: Response;
  try {
    response = await guardedFetch({ allow: allowedHosts })(address, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (thrown) {
    if (thrown instanceof AppError) return { wrong: thrown.message };
    const late = thrown instanceof Error && (thrown.name === 'TimeoutError' || thrown.name === 'AbortError');
    return { wrong: `${address} cannot be reached: ${late ? `no answer within ${PATIENCE_MS / 1000} s` : reasonOf(thrown)}` };
  }
  if (response.status >= 300 && response.status < 400)
    return { wrong: `${address} sends on to ${response.headers.get('location') ?? 'another address'}: give that issuer instead` };
  if (!response.ok) return { wrong: `${address} answers ${response.status}: is this the issuer, without what comes after it?` };
  let document: unknown;
  try {
    document = await response.json();
  } catch {
    return { wrong: `${address} answers with something that is not JSON` };
  }
  return readDiscovery(document, issuer);
};

const reasonOf = (thrown: unknown): string =>
  thrown instanceof AggregateError && thrown.errors.length > 0 ? reasonOf(thrown.errors[0]) : messageOf(thrown);
