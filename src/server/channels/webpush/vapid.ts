import { createECDH, hkdfSync } from 'node:crypto';
import type { Sender } from '../types.ts';

/** A P-256 key pair in base64url: the public key as an uncompressed point of 65 bytes, the private one as 32 bytes. */
type VapidKeys = { publicKey: string; privateKey: string };

/**
 * The key this installation is known by to push services (RFC 8292). Derived from the secret of the installation, which is made
 * once, the same on every node and part of a backup: a browser takes pushes of the key it subscribed with only.
 */
export const vapidKeys = (secret: Buffer): VapidKeys => {
  for (let count = 0; ; count += 1) {
    const scalar = Buffer.from(hkdfSync('sha256', secret, '', `allclear web push ${count}`, 32));
    const curve = createECDH('prime256v1');
    try {
      curve.setPrivateKey(scalar);
    } catch {
      // One number in 2^32 is none of the curve's.
      continue;
    }
    return { publicKey: curve.getPublicKey('base64url'), privateKey: scalar.toString('base64url') };
  }
};

/** Whom a push service may write to: `mailto:` or `https:`, as RFC 8292 §2.1 asks. */
export const subjectOf = (contact: string | undefined, { publicUrl }: Pick<Sender, 'publicUrl'>): string =>
  contact ?? (publicUrl.startsWith('https:') ? publicUrl : `mailto:allclear@${new URL(publicUrl).hostname}`);
