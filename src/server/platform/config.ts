import ipaddr from 'ipaddr.js';
import { defaultDataDir } from './data-folder.ts';
import { AppError } from './errors.ts';

/** Where mail that makes alerts is listened for; files of a certificate and its key. */
export type MailConfig = { host: string; port: number; domain: string; tls?: { cert: string; key: string } };

export type Config = {
  host: string;
  port: number;
  publicUrl: string;
  /** Set: an outside PostgreSQL. Unset: the embedded one in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  role: 'all' | 'web' | 'worker';
  logLevel: string;
  /** Outgoing addresses that may be private: host names or CIDR ranges. */
  allowedHosts: string[];
  /** Proxies in front of this server, whose word on a client's address is taken: addresses or CIDR ranges. */
  trustedProxies: string[];
  /** Where OpenTelemetry spans go; unset: nowhere. */
  otlpEndpoint: string | undefined;
  /** For tests and automation: use this administrator token instead of making one. */
  adminToken: string | undefined;
  /** Unset: no mail is listened for. */
  mail: MailConfig | undefined;
};

const ROLES = ['all', 'web', 'worker'] as const;

const listIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Reads the environment, once, and says every wrong setting at once. */
export const readConfig = (env: NodeJS.ProcessEnv = process.env, overrides: Partial<Config> = {}): Config => {
  const problems: string[] = [];
  const port = Number(env.ALLCLEAR_PORT ?? env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(`ALLCLEAR_PORT must be a port number, not "${env.ALLCLEAR_PORT ?? env.PORT}"`);
  const role = (env.ALLCLEAR_ROLE ?? 'all') as Config['role'];
  if (!ROLES.includes(role)) problems.push(`ALLCLEAR_ROLE must be one of ${ROLES.join(', ')}, not "${role}"`);
  const publicUrl = (env.ALLCLEAR_PUBLIC_URL ?? `http://localhost:${port}`).replace(/\/+$/, '');
  if (!URL.canParse(publicUrl))
    problems.push(`ALLCLEAR_PUBLIC_URL must be an address such as https://allclear.example.com, not "${publicUrl}"`);
  const databaseUrl = env.DATABASE_URL || undefined;
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) problems.push('DATABASE_URL must start with postgres://');
  const proxies = listIn(env.ALLCLEAR_TRUSTED_PROXIES ?? '127.0.0.0/8,::1/128');
  for (const proxy of proxies)
    if (!(proxy.includes('/') ? ipaddr.isValidCIDR(proxy) : ipaddr.isValid(proxy)))
      problems.push(`ALLCLEAR_TRUSTED_PROXIES must list addresses or ranges such as 10.0.0.0/8, not "${proxy}"`);
  const mail = readMail(env, publicUrl, problems);
  if (problems.length > 0) throw new AppError('invalid', problems.join('\n'));
  return {
    host: env.ALLCLEAR_HOST ?? '127.0.0.1',
    port,
    publicUrl,
    databaseUrl,
    dataDir: defaultDataDir(env),
    role,
    logLevel: env.ALLCLEAR_LOG ?? 'info',
    allowedHosts: listIn(env.ALLCLEAR_ALLOWED_HOSTS),
    trustedProxies: proxies,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT || undefined,
    adminToken: env.ALLCLEAR_ADMIN_TOKEN || undefined,
    mail,
    ...overrides,
  };
};

const readMail = (env: NodeJS.ProcessEnv, publicUrl: string, problems: string[]): MailConfig | undefined => {
  const { ALLCLEAR_MAIL_PORT: given, ALLCLEAR_MAIL_CERT: cert, ALLCLEAR_MAIL_KEY: key } = env;
  if (!given) return undefined;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    problems.push(`ALLCLEAR_MAIL_PORT must be a port number, not "${given}"`);
  if ((cert === undefined) !== (key === undefined))
    problems.push('Give both ALLCLEAR_MAIL_CERT and ALLCLEAR_MAIL_KEY, or neither');
  const domain = (env.ALLCLEAR_MAIL_DOMAIN ?? (URL.canParse(publicUrl) ? new URL(publicUrl).hostname : '')).toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain))
    problems.push(`ALLCLEAR_MAIL_DOMAIN must be a domain such as alerts.example.com, not "${domain}"`);
  return { host: env.ALLCLEAR_MAIL_HOST ?? '127.0.0.1', port, domain, ...(cert && key ? { tls: { cert, key } } : {}) };
};

/** A copy of a setting with every `${env:NAME}` in its texts replaced; a name that is not set is an error that says so. */
export const resolveSecrets = (value: unknown, env: NodeJS.ProcessEnv = process.env): unknown => {
  if (typeof value === 'string')
    return value.replace(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name];
      if (found === undefined) throw new AppError('invalid', `The environment variable ${name} is not set`);
      return found;
    });
  if (Array.isArray(value)) return value.map((item) => resolveSecrets(item, env));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveSecrets(item, env)]));
  return value;
};
