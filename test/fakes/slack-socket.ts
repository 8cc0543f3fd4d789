import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** RFC 6455: what a server adds to the key of a handshake. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A frame of a server's, unmasked. */
const frameOf = (opcode: number, content: string | Buffer): Buffer => {
  const body = Buffer.from(content);
  const head = body.length < 126 ? Buffer.from([0x80 | opcode, body.length]) : Buffer.from([0x80 | opcode, 126, 0, 0]);
  if (body.length >= 126) head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
};

/** Whole frames of a client's, unmasked, and what is left over. A client's frames are masked, and ours here are short. */
const framesOf = (buffer: Buffer): { frames: { opcode: number; body: Buffer }[]; rest: Buffer } => {
  const frames: { opcode: number; body: Buffer }[] = [];
  let rest = buffer;
  while (rest.length >= 2) {
    const short = (rest[1] as number) & 0x7f;
    const at = short === 126 ? 4 : 2;
    const length = short === 126 ? (rest.length >= 4 ? rest.readUInt16BE(2) : Number.POSITIVE_INFINITY) : short;
    if (rest.length < at + 4 + length) break;
    const mask = rest.subarray(at, at + 4);
    const body = Buffer.from(rest.subarray(at + 4, at + 4 + length)).map((byte, index) => byte ^ (mask[index % 4] as number));
    frames.push({ opcode: (rest[0] as number) & 0x0f, body: Buffer.from(body) });
    rest = rest.subarray(at + 4 + length);
  }
  return { frames, rest };
};

/** The far end of Slack's Socket Mode: a WebSocket server on 127.0.0.1 that takes each address it names once. */
export const startSlackSocket = async () => {
  const tickets = new Set<string>();
  const open: Socket[] = [];
  const acknowledged: string[] = [];
  const server = http.createServer();
  server.on('upgrade', (request, stream: Socket) => {
    const ticket = new URL(request.url ?? '', 'ws://x').searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return void stream.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    open.push(stream);
    let waiting = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      const { frames, rest } = framesOf(Buffer.concat([waiting, chunk]));
      waiting = Buffer.from(rest);
      for (const { opcode, body } of frames) {
        if (opcode === TEXT) acknowledged.push((JSON.parse(body.toString()) as { envelope_id: string }).envelope_id);
        if (opcode === CLOSE) stream.end(frameOf(CLOSE, body));
        if (opcode === PING) stream.write(frameOf(PONG, body));
        if (opcode === PONG) acknowledged.push('pong');
      }
    });
    stream.on('error', () => undefined);
    stream.on('close', () => open.splice(open.indexOf(stream), 1));
    stream.write(frameOf(TEXT, JSON.stringify({ type: 'hello', num_connections: open.length })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const send = (message: object, on = open.at(-1)) => on?.write(frameOf(TEXT, JSON.stringify(message)));
  return {
    /** What `apps.connections.open` names. */
    ticket: (): string => {
      const ticket = randomBytes(8).toString('hex');
      tickets.add(ticket);
      return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/link?ticket=${ticket}`;
    },
    connections: () => open.length,
    /** Ids of envelopes in the order they were acknowledged. */
    acknowledged,
    /** Sends an envelope over the newest connection, or another. Answers its id. */
    envelope: (type: string, payload: object, { id = randomBytes(8).toString('hex'), on }: { id?: string; on?: number } = {}) => {
      send({ type, envelope_id: id, payload, accepts_response_payload: true }, on === undefined ? undefined : open[on]);
      return id;
    },
    send: (message: object) => send(message),
    raw: (text: string) => open.at(-1)?.write(frameOf(TEXT, text)),
    ping: () => open.at(-1)?.write(frameOf(PING, '')),
    /** Cuts every connection, as a network does. */
    cut: () => {
      for (const stream of [...open]) stream.destroy();
    },
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        for (const stream of [...open]) stream.destroy();
        server.close(() => resolve());
      }),
  };
};
