/**
 * The watchers, a process of their own: `node bench/watchers.ts <json>` opens streams of changes, notes something on an incident
 * again and again, and prints when the last stream was told of each note. Raw sockets: an HTTP client would cost more than the server.
 */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type WatchersPlan = { port: number; token: string; clients: number; incident: string; changes: number };
/** `times`: ms from sending the note to the moment the last stream was told of it, a number a note. */
export type Watched = { connectedMs: number; times: number[] };

const PATIENCE_MS = 30_000;

const until = async (done: () => boolean, what: string): Promise<void> => {
  const began = performance.now();
  while (!done()) {
    if (performance.now() - began > PATIENCE_MS) throw new Error(`${what} after ${PATIENCE_MS / 1000} s`);
    await delay(1);
  }
};

const watch = async (plan: WatchersPlan): Promise<Watched> => {
  const began = performance.now();
  const streams = Array.from({ length: plan.clients }, () => {
    const socket = connect(plan.port, '127.0.0.1');
    const stream = { greeted: false, notes: 0, end: () => socket.destroy() };
    let behind = '';
    socket.setEncoding('latin1');
    socket.on('connect', () =>
      socket.write(`GET /api/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${plan.token}\r\n\r\n`),
    );
    socket.on('data', (text: string) => {
      const lines = (behind + text).split('\n');
      behind = lines.pop() ?? '';
      for (const line of lines) {
        if (line === 'event: hello') stream.greeted = true;
        else if (line.startsWith('data: ') && line.includes('"incident.note"')) stream.notes += 1;
      }
    });
    return stream;
  });
  await until(() => streams.every((stream) => stream.greeted), 'not every stream was greeted');
  const connectedMs = performance.now() - began;
  const times: number[] = [];
  for (let nth = 1; nth <= plan.changes; nth += 1) {
    const sent = performance.now();
    const response = await fetch(`http://127.0.0.1:${plan.port}/api/incidents/${plan.incident}/notes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${plan.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text: `note ${nth}` }),
    });
    if (!response.ok) throw new Error(`the note was refused: ${response.status} ${await response.text()}`);
    await until(() => streams.every((stream) => stream.notes >= nth), `not every stream was told of note ${nth}`);
    times.push(performance.now() - sent);
    await delay(200);
  }
  for (const stream of streams) stream.end();
  return { connectedMs, times };
};

process.stdout.write(JSON.stringify(await watch(JSON.parse(process.argv[2] ?? '') as WatchersPlan)));
