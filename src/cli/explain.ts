import { Refused } from './client.ts';
import { clean, paintErr } from './output.ts';
import type { Terminal } from './terminal.ts';

/** Says on standard error what went wrong; of the server's refusal the detail, the field and the request id. */
export const explain = (terminal: Terminal, thrown: Error, prefix = ''): void => {
  const lines = [`${prefix}${thrown.message}`];
  if (thrown instanceof Refused) {
    const { field, request_id, status } = thrown.problem;
    if (field && !thrown.message.startsWith(`${field}:`)) lines.push(`field: ${field}`);
    if (status === 401) lines.push('Give a token by --token or ALLCLEAR_TOKEN, or keep one with: allclear token save');
    if (request_id) lines.push(`request id: ${request_id}`);
  }
  const [first, ...rest] = lines.map(clean);
  terminal.err(`${paintErr(terminal, 'red', 'error:')} ${first}\n${rest.map((line) => `  ${line}\n`).join('')}`);
};
