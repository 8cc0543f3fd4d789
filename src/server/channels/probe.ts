import { connect } from 'node:net';

/** Where a channel's provider listens, from its settings; undefined for channels that call an address per person. */
export const providerAddress = (channel: string, config: Record<string, unknown>): { host: string; port: number } | undefined => {
  if (channel === 'email') return { host: String(config.host ?? ''), port: Number(config.port ?? 587) };
  const url =
    channel === 'ntfy'
      ? (config.server ?? 'https://ntfy.sh')
      : channel === 'slack'
        ? (config.base_url ?? 'https://slack.com')
        : channel === 'pushover'
          ? (config.base_url ?? 'https://api.pushover.net')
          : channel === 'discord'
            ? 'https://discord.com'
            : channel === 'mattermost'
              ? config.secret_url
              : channel === 'matrix'
                ? config.homeserver
                : channel === 'sms' || channel === 'voice'
                  ? (config.base_url ?? (config.vendor === 'plivo' ? 'https://api.plivo.com' : 'https://api.twilio.com'))
                  : undefined;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'http:' ? 80 : 443) };
};

/** Whether something takes TCP connections there within `timeoutMs`; the reason when not. */
export const reach = (address: { host: string; port: number }, timeoutMs: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const socket = connect(address.port, address.host);
    const done = (reason: string | undefined) => {
      socket.destroy();
      resolve(reason);
    };
    socket.setTimeout(timeoutMs, () => done(`no connection within ${timeoutMs / 1000} s`));
    socket.on('connect', () => done(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
