import type { Method } from '../me/reach-changes.ts';

/**
 * What a code is sent to, of the channels that are set up: a method that waits for one, mail before others; else mail that is
 * there already, else the mail address as a method to be `added`. Undefined when no code could leave.
 */
export const methodToProve = (
  methods: Method[],
  email: string,
  channels: Method['channel'][],
): { method: Method; added: boolean } | undefined => {
  const able = methods.filter((one) => channels.includes(one.channel));
  const mailFirst = able.toSorted((a, b) => Number(b.channel === 'email') - Number(a.channel === 'email'));
  const known = mailFirst.find((one) => !one.verified) ?? mailFirst.find((one) => one.channel === 'email');
  if (known) return { method: known, added: false };
  if (!channels.includes('email')) return undefined;
  const labels = ['email', ...methods.map((_, index) => `email-${index + 2}`)];
  const label = labels.find((one) => methods.every((method) => method.label !== one)) ?? 'email';
  return { method: { label, channel: 'email', address: email }, added: true };
};
