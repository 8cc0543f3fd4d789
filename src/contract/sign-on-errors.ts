/** Why a sign-on ended on `/sign-in?error=CODE`, in words for whoever wanted in. */
export const SIGN_ON_ERRORS = {
  not_admitted: 'You are not known here. Ask an administrator to add you with the address you signed in with.',
  deactivated: 'You have been deactivated here. Ask an administrator to activate you.',
  address_not_verified:
    'The provider does not say that your mail address is yours. Verify it there, or ask an administrator to trust its addresses (Settings, Sign-on).',
  address_taken: 'More than one person here has your mail address. Ask an administrator to correct that.',
  no_address: 'The provider did not tell your mail address. Ask an administrator to let it send the claim `email`.',
  access_denied: 'You did not allow the sign-on, or the provider does not let you use this application.',
  invalid_state: 'The sign-on took too long or began in another browser. Start again.',
  not_trusted: 'The answer of the provider could not be verified. Ask an administrator to test it (Settings, Sign-on).',
  provider_failed: 'The provider did not answer as it should. Try again; if it stays so, ask an administrator.',
  failed: 'The sign-on did not work. Start again, or ask an administrator.',
} as const;
export type SignOnError = keyof typeof SIGN_ON_ERRORS;
