import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import type { startServer } from './harness.ts';

type World = Awaited<ReturnType<typeof startServer>>;
export const PASSWORD = 'correct horse battery';

/** A browser of one person: keeps cookies, says where its requests come from. */
export const browser = (world: World) => {
  const jar = new Map<string, string>();
  const go = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${world.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: world.url,
        ...(jar.size > 0 ? { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (value === '' || /max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  return { go, jar };
};

/** Lets somebody who is here sign in, by the way an invitation takes. */
export const letIn = async (world: World, name: string): Promise<void> => {
  const { url } = await world.call<{ url: string }>('POST', `/api/people/${name}/invite`, {});
  const chosen = await browser(world).go('POST', `/api/invitations/${url.split('/').at(-1)}`, { password: PASSWORD });
  expect(chosen.status, await chosen.text()).toBe(200);
};

/** Somebody of this role who can sign in. */
export const aPerson = async (world: World, name: string, role: string): Promise<void> => {
  await world.call('PUT', `/api/people/${name}`, { display_name: name, email: `${name}@allclear.test`, role });
  await letIn(world, name);
};

/** Her browser, signed in. */
export const signedIn = async (world: World, name: string) => {
  const { email } = await world.call<{ email: string }>('GET', `/api/people/${name}`);
  const her = browser(world);
  const response = await her.go('POST', '/api/auth/sign-in/email', { email, password: PASSWORD });
  expect(response.status, await response.text()).toBe(200);
  return her;
};

/** RFC 6238 with the defaults that authenticator apps take: SHA-1, 30 s, six digits. */
export const totp = (uri: string, at = Date.now()): string => {
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  const bits = [...secret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) as number) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};
