/** Every time zone that this browser knows, and UTC, to choose from. */
export const zoneOptions = (): { value: string; label: string }[] =>
  [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({ value, label: value }));
