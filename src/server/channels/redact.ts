const HIDDEN = '***';
const WEB_ADDRESS = /\bhttps?:\/\/[^\s"'<>]+/gi;
const AUTHORIZATION = /\b(basic|bearer)\s+(?=\S*[\d=_-])[\w+/=.~-]{8,}/gi;

/** The ways one secret shows up in what a provider says back: as it is, in a URL, in basic or SMTP authentication. */
const formsOf = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [secret, encodeURIComponent(secret), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
};

/**
 * The text without the secrets in any usual encoding, without paths and queries of web addresses (they carry
 * tokens), and without authorization values. Call it before cutting a text short: half a secret is not found.
 */
export const redact = (text: string, secrets: readonly string[]): string => {
  const forms = [...new Set(secrets.filter((secret) => secret.trim() !== '').flatMap(formsOf))].sort(
    (a, b) => b.length - a.length,
  );
  const clean = forms.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
  return clean.replace(AUTHORIZATION, `$1 ${HIDDEN}`).replace(WEB_ADDRESS, (address) => {
    if (!URL.canParse(address)) return HIDDEN;
    const { protocol, host, pathname, search, hash } = new URL(address);
    return pathname + search + hash === '/' ? `${protocol}//${host}` : `${protocol}//${host}/${HIDDEN}`;
  });
};
