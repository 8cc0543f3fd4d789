import { AppError } from '../../platform/errors.ts';
import { plivoAccount } from '../plivo/client.ts';
import { guardedFetch } from '../public-url.ts';
import { twilioAccount } from '../twilio/client.ts';
import { VENDORS, type Vendor } from '../vendors.ts';
import { plivoPhone } from './plivo.ts';
import { twilioPhone } from './twilio.ts';
import type { PhoneVendor, Recording } from './types.ts';

export type { PhoneForm, PhoneVendor, Recording } from './types.ts';
export { TALK_SECONDS } from './types.ts';

export const PHONE_VENDORS: Record<Vendor, PhoneVendor> = { twilio: twilioPhone, plivo: plivoPhone };

/** The account behind a line: what signs, and what a message is fetched with. */
export type PhoneAccount = { user: string; authToken: string; baseUrl: string };
/** Undefined for settings that are not of this vendor. */
export const phoneAccount = (vendor: Vendor, config: unknown): PhoneAccount | undefined => {
  if (vendor === 'plivo') {
    const found = plivoAccount.loose().safeParse(config).data;
    return found && { user: found.auth_id, authToken: found.auth_token, baseUrl: found.base_url.replace(/\/+$/, '') };
  }
  const found = twilioAccount.loose().safeParse(config).data;
  return found && { user: found.account_sid, authToken: found.auth_token, baseUrl: found.base_url.replace(/\/+$/, '') };
};

/** Five minutes of speech take less at any bit rate in use. */
const MAX_RECORDING_BYTES = 10 * 1024 * 1024;
const PATIENCE_MS = 15_000;

/** A message from its vendor, as audio. Throws AppError `unavailable` with the reason. */
export const fetchRecording = async (
  vendor: Vendor,
  account: PhoneAccount,
  { url }: Recording,
  allow: readonly string[],
): Promise<{ bytes: ArrayBuffer; type: string }> => {
  const name = VENDORS[vendor];
  let response: Response;
  try {
    response = await guardedFetch({ allow, maxReplyBytes: MAX_RECORDING_BYTES })(url, {
      headers: { authorization: `Basic ${Buffer.from(`${account.user}:${account.authToken}`).toString('base64')}` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new AppError('unavailable', `${name} cannot be reached: try again`);
  }
  if (response.status === 404) throw new AppError('not_found', `${name} has no such message any more`);
  const type = response.headers.get('content-type') ?? '';
  if (!response.ok || !/^audio\//.test(type))
    throw new AppError('unavailable', `${name} did not give the message (${response.status}): try again`);
  return { bytes: await response.arrayBuffer(), type };
};
