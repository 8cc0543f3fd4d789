/** A mailbox for trying things out: takes every mail on 127.0.0.1:2525 and prints it. Keeps and forwards nothing. */
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

const PORT = 2525;
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', async () => {
      const mail = await PostalMime.parse(Buffer.concat(chunks));
      const to = session.envelope.rcptTo.map((one) => one.address).join(', ');
      process.stdout.write(`\n── to ${to} ──\n${mail.subject}\n\n${mail.text?.trim() ?? ''}\n`);
      done();
    });
  },
});
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
server.listen(PORT, '127.0.0.1', () => process.stdout.write(`Taking mail on 127.0.0.1:${PORT}. Ctrl-C ends it.\n`));
