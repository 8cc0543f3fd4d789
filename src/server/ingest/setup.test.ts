import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toolsFor } from './setup.ts';

test.each(
  toolsFor('https://allclear.example.com', 'KEY', 'allclear.example.com').map((tool) => [tool.tool, tool.docs, tool.snippet]),
)('the page about %s has the very snippet that is copied', (_, docs, snippet) => {
  expect(readFileSync(docs, 'utf8')).toContain(snippet);
});
