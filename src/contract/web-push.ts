import { z } from 'zod';

export const webPushKey = z.object({
  public_key: z
    .string()
    .nullable()
    .describe('`applicationServerKey` of this installation, 65 bytes in base64url; null: web push is not set up'),
});

/** What a push carries to the console's service worker, as JSON of at most 3,993 bytes. */
export type PushPayload = {
  kind: 'page' | 'verification' | 'notice' | 'test';
  title: string;
  body: string;
  /** A newer notification of the same tag takes the place of the older. */
  tag: string;
  /** What a tap opens. */
  url?: string;
  /** Buttons; each is a POST that needs no sign-in. */
  actions: { action: string; title: string; url: string }[];
  /** Proves that the device got it, once it comes back. */
  code?: string;
};
