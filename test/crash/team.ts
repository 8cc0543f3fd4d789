import { startNtfy } from '../fakes/ntfy.ts';
import { startSmtp } from '../fakes/smtp.ts';
import { startTwilio } from '../fakes/twilio.ts';
import { call } from './server-process.ts';

/** Providers that write down what they are given; they live in this process, which nobody kills. */
export const startProviders = async () => {
  const [smtp, ntfy, twilio] = await Promise.all([startSmtp(), startNtfy(), startTwilio()]);
  return {
    smtp,
    ntfy,
    twilio,
    stop: async (): Promise<void> => {
      await Promise.all([smtp.stop(), ntfy.stop(), twilio.stop()]);
    },
  };
};
export type Providers = Awaited<ReturnType<typeof startProviders>>;

/** The way each service's person is reached; those of one page an alert, and one that groups by the label `cluster`. */
export const SERVICES = {
  'each-mail': { channel: 'email', group: false },
  'each-push': { channel: 'ntfy', group: false },
  'each-sms': { channel: 'sms', group: false },
  'together-mail': { channel: 'email', group: true },
} as const;
export type ServiceName = keyof typeof SERVICES;
export const serviceNames = Object.keys(SERVICES) as ServiceName[];
export const keyOfService = (name: ServiceName): string => `key-of-${name}-0001`;
const DAY = 86_400;

/** One person, policy, service and integration for each way of being reached; nobody escalates within the run. */
export const setUpTeam = async (url: string, { smtp, ntfy, twilio }: Providers): Promise<void> => {
  await call(url, 'PUT', '/api/settings', {
    channels: {
      email: { host: '127.0.0.1', port: smtp.port, security: 'none', from: 'Allclear <pager@allclear.test>' },
      ntfy: { server: ntfy.url },
      sms: {
        account_sid: twilio.account.sid,
        auth_token: twilio.account.authToken,
        base_url: twilio.url,
        from: '+3197010000000',
      },
    },
    bundle_seconds: 0,
    unreached_after_seconds: 300,
  });
  for (const [nth, name] of serviceNames.entries()) {
    const { channel, group } = SERVICES[name];
    const address = { email: `${name}@example.com`, ntfy: `topic-${name}`, sms: `+31612345${String(nth).padStart(3, '0')}` }[
      channel
    ];
    await call(url, 'PUT', `/api/people/${name}`, {
      display_name: name,
      email: `${name}@example.com`,
      contact_methods: [{ label: 'first', channel, address, verified: true }],
    });
    await call(url, 'PUT', `/api/escalation-policies/${name}`, {
      steps: [{ targets: [{ person: name }], escalate_after_seconds: DAY }],
      repeat: 0,
    });
    await call(url, 'PUT', `/api/services/${name}`, {
      escalation_policy: name,
      grouping: group ? { by: ['cluster'], window_seconds: DAY } : { window_seconds: 0 },
    });
    await call(url, 'PUT', `/api/integrations/${name}`, { service: name, kind: 'generic', key: keyOfService(name) });
  }
};
