/** Digits after the point, by ISO 4217: 2 of EUR, 0 of JPY. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;

/** An amount in the smallest unit of one currency, as the same number of another: 250 of EUR (2.50) is 3 of JPY. */
export const inCurrency = (amount: number, was: string, is: string): number =>
  Math.round(amount * 10 ** (digitsOf(is) - digitsOf(was)));

const NAMES = new Intl.DisplayNames('en', { type: 'currency' });
/** Every currency that the browser knows, by its name. */
export const CURRENCIES = Intl.supportedValuesOf('currency').map((code) => ({
  value: code,
  label: `${code}, ${NAMES.of(code) ?? code}`,
}));
