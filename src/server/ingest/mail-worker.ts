import { parentPort, workerData } from 'node:worker_threads';
import { parseMailReply } from '../channels/email/reply.ts';
import type { InboundReply } from '../channels/types.ts';
import { type MailFacts, readMail } from './mail-facts.ts';

export type Asked = { raw: Uint8Array; replyTo: string | undefined };
/** `reply`: what it answers, where it is looked for one. */
export type Read = { facts: MailFacts; reply: InboundReply | undefined };

const { raw, replyTo } = workerData as Asked;
const answer: Read = {
  facts: await readMail(raw),
  reply: replyTo === undefined ? undefined : await parseMailReply(raw, replyTo),
};
parentPort?.postMessage(answer);
