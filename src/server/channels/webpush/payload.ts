import { createHash } from 'node:crypto';
import type { PushPayload } from '../../../contract/web-push.ts';
import { pushButtons } from '../chat-text.ts';
import { cutBytes } from '../cut-bytes.ts';
import type { Message } from '../types.ts';

/** 4,096 bytes are what a push service must take (RFC 8030 §7.2), less header, padding mark and tag of aes128gcm (RFC 8291 §4). */
export const MAX_PAYLOAD_BYTES = 4_096 - 86 - 1 - 16;
const MAX_TITLE_BYTES = 250;
const MAX_BUTTONS = 2;

/** The same for every message about an incident: 32 characters of base64url, all that a Topic may have (RFC 8030 §5.4). */
export const topicOf = (thread: string): string => createHash('sha256').update(thread).digest('base64url').slice(0, 32);

/** What the service worker shows, as JSON that fits into a push whatever the message says. */
export const payloadOf = (message: Message): string => {
  const facts = message.facts.map((fact) => `${fact.label}: ${fact.value}`);
  const page = [message.body, ...facts].filter(Boolean).join('\n');
  const body = message.kind === 'page' ? page || message.short : (message.body ?? message.short);
  const write = (body: string): string => {
    const payload: PushPayload = {
      kind: message.kind,
      title: cutBytes(message.subject, MAX_TITLE_BYTES),
      body,
      tag: message.thread ? topicOf(message.thread) : message.idempotencyKey,
      ...(message.actionUrl ? { url: message.actionUrl } : {}),
      actions: pushButtons(message).slice(0, MAX_BUTTONS),
      ...(message.code ? { code: message.code } : {}),
    };
    return JSON.stringify(payload);
  };
  if (fits(write(body))) return write(body);
  // How many bytes of JSON a byte of text is depends on what it says, so the longest that fits is searched for.
  let [low, high] = [3, MAX_PAYLOAD_BYTES];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(write(cutBytes(body, middle)))) low = middle;
    else high = middle - 1;
  }
  return write(cutBytes(body, low));
};
const fits = (json: string): boolean => Buffer.byteLength(json) <= MAX_PAYLOAD_BYTES;
