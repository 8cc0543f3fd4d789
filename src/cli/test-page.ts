import { Command } from 'commander';
import type { z } from 'zod';
import type { journalEntry } from '../contract/incident.ts';
import { examples } from './arguments.ts';
import { type Client, connect } from './client.ts';
import { clean, paint, paintErr, printJson, progress } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';

type Entry = z.infer<typeof journalEntry>;
type Page = { items: Entry[]; next?: string | null };

const WAIT_SECONDS = 30;
const LOOK_EVERY_MS = 500;
const MAX_PAGES = 20;

export const testPageCommand = (terminal: Terminal): Command =>
  new Command('test-page')
    .summary('send a person a test page by every method and say which arrive')
    .description(
      `Send a person a test page through every method, and say for each, within ${WAIT_SECONDS} s, whether its provider took it.`,
    )
    .argument('<person>', 'name')
    .addHelpText('after', examples('allclear test-page ana', 'allclear test-page ana && echo "every method works"'))
    .action(async (person: string, _options: object, command: Command) => {
      const { client, json } = connect(terminal, command);
      const path = `/api/people/${encodeURIComponent(person)}`;
      // Her journal is read from here on.
      const { value: newest } = await client.get<Page>('/api/journal', { limit: '1' });
      const { text, value } = await client.post<{ methods: string[] }>(`${path}/test-page`);
      if (json) printJson(terminal, text);
      const waiting = progress(terminal);
      let left = value.methods;
      let cursor = newest.items[0]?.id;
      for (let waited = 0; left.length > 0 && waited < WAIT_SECONDS * 1000; waited += LOOK_EVERY_MS) {
        waiting.show(`Waiting for ${left.join(', ')} …`);
        await terminal.sleep(LOOK_EVERY_MS);
        const seen = await entriesAfter(client, `${path}/journal`, cursor);
        cursor = seen.at(-1)?.id ?? cursor;
        for (const entry of seen) {
          const label = String(entry.data.label);
          if (entry.data.kind !== 'test' || !left.includes(label)) continue;
          left = left.filter((one) => one !== label);
          waiting.clear();
          const sent = entry.type === 'person.message_sent';
          if (!sent) terminal.exitCode = EXIT.failed;
          if (json) printJson(terminal, JSON.stringify(entry));
          else
            terminal.out(`${sent ? paint(terminal, 'green', 'sent') : paint(terminal, 'red', 'failed')}  ${clean(entry.text)}\n`);
        }
      }
      waiting.clear();
      if (value.methods.length === 0) terminal.err(`${person} has no method that can be used.\n`);
      for (const label of left)
        terminal.err(`${paintErr(terminal, 'red', 'no result')}  ${label}: nothing within ${WAIT_SECONDS} s\n`);
      if (left.length > 0 || value.methods.length === 0) terminal.exitCode = EXIT.failed;
    });

const entriesAfter = async (client: Client, path: string, cursor: string | undefined): Promise<Entry[]> => {
  const seen: Entry[] = [];
  let after = cursor;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { value } = await client.get<Page>(path, { cursor: after, limit: '200' });
    seen.push(...value.items);
    if (!value.next) break;
    after = value.next;
  }
  return seen;
};
