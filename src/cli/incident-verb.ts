import type { Command } from 'commander';
import type { Incident } from '../contract/incident.ts';
import { connect, Refused } from './client.ts';
import { explain } from './explain.ts';
import { clean, paint, printJson, statusColour } from './output.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** Does one verb of the API to several incidents, one after another; one that is refused does not stop the rest. */
export const actOnIncidents = async (
  terminal: Terminal,
  command: Command,
  numbers: string[],
  verb: 'acknowledge' | 'resolve' | 'snooze',
  body: object = {},
): Promise<void> => {
  const { client, json } = connect(terminal, command);
  for (const number of numbers) {
    try {
      const { text, value } = await client.post<Incident>(`/api/incidents/${encodeURIComponent(number)}/${verb}`, body);
      if (json) printJson(terminal, text);
      else terminal.out(incidentLine(terminal, value));
    } catch (thrown) {
      if (!(thrown instanceof Refused) || thrown.problem.status === 401) throw thrown;
      if (json) terminal.err(`${thrown.text}\n`);
      else explain(terminal, thrown, `${number}: `);
      terminal.exitCode = EXIT.failed;
    }
  }
};

/** `INC-2026-0001  acknowledged  Payments fail (checkout)`. */
export const incidentLine = (terminal: Terminal, incident: Incident): string =>
  `${incident.number}  ${paint(terminal, statusColour(incident.status), incident.status)}  ${clean(incident.title)} (${incident.service})\n`;
