import { z } from 'zod';
import { bodyOf, cutUnits, linkOf, titleOf } from '../chat-text.ts';
import { failureOf } from '../http-reply.ts';
import { namedWebhooks, nameOrUrl, secretsOfUrls, urlsOf, webhookAt } from '../named-webhooks.ts';
import type { Channel, Message } from '../types.ts';

/** Where workflows of Teams listen (https://learn.microsoft.com/power-automate/ip-address-configuration, and the clouds of governments). */
const HOSTS = [
  'logic.azure.com',
  'api.powerautomate.com',
  'api.powerplatform.com',
  'logic.azure.us',
  'api.gov.powerplatform.microsoft.us',
];
const hostName = z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'A host name, such as gateway.example.com');

const config = z
  .strictObject({
    webhooks: namedWebhooks(() => undefined),
    /** Hosts that take a workflow's requests though Microsoft names them nowhere: a gateway, another cloud. */
    extra_hosts: z
      .string()
      .optional()
      .transform((text) => (text ?? '').split(/[\s,]+/).filter(Boolean))
      .pipe(z.array(hostName)),
  })
  .superRefine(({ webhooks, extra_hosts }, context) => {
    for (const [name, { secret_url }] of Object.entries(webhooks)) {
      const message = wrongHost(secret_url, extra_hosts);
      if (message) context.addIssue({ code: 'custom', message, path: ['webhooks', name, 'secret_url'] });
    }
  });
type Config = z.output<typeof config>;

/** The card tells what pages tell, so it goes to Microsoft and to hosts that the administrator has named, and to no other. */
const wrongHost = (url: string, extra: readonly string[]): string | undefined => {
  const host = URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
  if (HOSTS.some((one) => host === one || host.endsWith(`.${one}`))) return undefined;
  if (extra.some((one) => one.toLowerCase() === host)) return undefined;
  return `${host} is no host of Teams workflows; whoever sets Teams up can add it there as an extra host`;
};

/** Teams refuses more than about 28 KB. */
const MAX_BYTES = 27_000;
const MAX_FACTS = 20;

type Run = { type: 'TextRun'; text: string; weight?: 'Bolder'; size?: 'Large'; color?: string; selectAction?: OpenUrl };
type OpenUrl = { type: 'Action.OpenUrl'; title: string; url: string };
type Block = { type: 'RichTextBlock'; inlines: Run[]; spacing?: 'None' };
const COLOURS: Record<string, string> = { critical: 'Attention', high: 'Attention', medium: 'Warning', low: 'Default' };

/** A line of text runs, which know no Markdown (https://adaptivecards.io/explorer/TextRun.html): an alert can mark nothing up. */
const line = (...inlines: Run[]): Block => ({ type: 'RichTextBlock', inlines });
const run = (text: string, more: Omit<Run, 'type' | 'text'> = {}): Run => ({ type: 'TextRun', text: text || ' ', ...more });

const factOf = ({ label, value }: { label: string; value: string }): Block => {
  const isLink = value.length <= 2_000 && /^https?:\/\/\S+$/.test(value) && URL.canParse(value);
  const name = cutUnits(label, 100);
  return isLink
    ? line(run(name, { selectAction: { type: 'Action.OpenUrl', title: name, url: value } }))
    : { ...line(run(`${name}: `, { weight: 'Bolder' }), run(cutUnits(value, 500))), spacing: 'None' };
};

/** The message as an Adaptive Card; facts go from the end until it fits, the link never. */
const cardOf = (message: Message): object => {
  const link = linkOf(message);
  const colour = message.severity && COLOURS[message.severity];
  const body = bodyOf(message);
  const title = line(
    run(cutUnits(titleOf(message), 300), { weight: 'Bolder', size: 'Large', ...(colour ? { color: colour } : {}) }),
  );
  const facts = message.facts.slice(0, MAX_FACTS).map(factOf);
  const card = (kept: number) => ({
    type: 'message',
    // What a phone's notification shows.
    summary: cutUnits(titleOf(message), 300),
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [title, ...facts.slice(0, kept), ...(body.trim() ? [line(run(cutUnits(body, 1_000)))] : [])],
          actions: link ? [{ type: 'Action.OpenUrl', title: link.word, url: link.url }] : [],
        },
      },
    ],
  });
  let kept = facts.length;
  while (kept > 0 && Buffer.byteLength(JSON.stringify(card(kept))) > MAX_BYTES) kept -= 1;
  return card(kept);
};

/** A webhook of the Workflows app in Microsoft Teams. It is one-way: the card's link is how it is answered. */
export const teams: Channel<Config> = {
  name: 'teams',
  config,
  // Which other hosts are allowed stands in the settings, so the host is judged when sending.
  normalizeAddress: (address) => nameOrUrl(address, () => undefined),
  secrets: ({ webhooks }, address) => secretsOfUrls(urlsOf(webhooks, address)),
  send: async ({ webhooks, extra_hosts }, address, message, ctx) => {
    const url = webhookAt(webhooks, address);
    if (!url) return { outcome: 'refused', reason: `There is no webhook named ${address} in the settings of Teams` };
    const wrong = wrongHost(url, extra_hosts);
    if (wrong) return { outcome: 'refused', reason: wrong };
    const response = await ctx.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(cardOf(message)),
      signal: ctx.signal,
    });
    // Accepted: the workflow posts it. It names its run and says no more.
    const id = response.headers.get('x-ms-workflow-run-id') ?? message.idempotencyKey;
    if (response.ok) return { outcome: 'sent', providerId: id.replace(/[^\w:-]/g, '_'), receipts: false };
    if (response.status === 404 || response.status === 410)
      return {
        outcome: 'refused',
        reason: `Teams answered ${response.status}: the workflow was deleted or turned off`,
        // One that the settings name is put right there.
        ...(url === address ? { gone: true as const } : {}),
      };
    return failureOf('Teams', response, undefined, ctx);
  },
};
