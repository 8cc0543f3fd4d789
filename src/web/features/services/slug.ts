/** Whether it can be the stable name of a thing, as the API takes it. */
export const isSlug = (text: string): boolean => /^[a-z0-9][a-z0-9._-]{0,62}$/.test(text);

/** `Checkout API` → `checkout-api`. */
export const slugOf = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
