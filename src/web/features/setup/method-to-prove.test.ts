import { expect, test } from 'vitest';
import type { Method } from '../me/reach-changes.ts';
import { methodToProve } from './method-to-prove.ts';

const mail: Method = { label: 'email', channel: 'email', address: 'ana@home.example', verified: true };
const phone: Method = { label: 'phone', channel: 'sms', address: '+31612345678', verified: true };
const waits = (method: Method): Method => ({ ...method, verified: false });
const own = (label: string) => ({ method: { label, channel: 'email', address: 'ana@example.com' }, added: true });
const there = (method: Method) => ({ method, added: false });
const all: Method['channel'][] = ['email', 'sms'];

test.each<[string, Method[], Method['channel'][], ReturnType<typeof methodToProve>]>([
  ['nothing yet: the address becomes a method', [], all, own('email') as never],
  ['another is verified: the address too', [phone], all, own('email') as never],
  ['the label is taken by another channel', [{ ...phone, label: 'email' }], all, own('email-2') as never],
  ['one waits', [waits(phone)], all, there(waits(phone))],
  ['two wait: mail first', [waits(phone), waits(mail)], all, there(waits(mail))],
  ['mail is verified already: it is not added again', [phone, mail], all, there(mail)],
  ['what waits on a channel that is off is passed over', [waits(phone), mail], ['email'], there(mail)],
  ['mail is off and nothing waits', [mail, phone], ['sms'], undefined],
  ['mail is off, another waits', [waits(mail), waits(phone)], ['sms'], there(waits(phone))],
  ['no channel', [], [], undefined],
])('%s', (_, methods, channels, wanted) => expect(methodToProve(methods, 'ana@example.com', channels)).toEqual(wanted));
