import type { Settings } from '../../contract/settings.ts';
import type { ChannelName } from '../channels/types.ts';

type Problem = { level: 'error' | 'warning'; problem: string; remedy: string };
type Reach = { contact_methods: { channel: ChannelName; verified?: boolean | undefined }[]; problems: string[] } | undefined;

/** What would keep a message from reaching somebody, as sentences about her. */
export const reachProblems = (reach: Reach, settings: Pick<Settings, 'channels'>): Problem[] => {
  const methods = reach?.contact_methods ?? [];
  const out: Problem[] = (reach?.problems ?? []).map((problem) => ({
    level: 'warning',
    problem,
    remedy: 'correct the address and verify it again',
  }));
  const channels: ChannelName[] = methods.length > 0 ? [...new Set(methods.map((method) => method.channel))] : ['email'];
  const working = channels.filter((channel) => settings.channels[channel]);
  if (working.length === 0)
    return [
      ...out,
      {
        level: 'error',
        problem: `none of her channels has a provider (${channels.join(', ')})`,
        remedy: 'set one up under channels in the settings',
      },
    ];
  if (!methods.some((method) => method.verified))
    out.push({
      level: 'warning',
      problem:
        methods.length === 0
          ? 'has no contact method: only her mail address is used'
          : 'has no verified contact method: unverified ones are used',
      remedy: 'send a code and confirm it',
    });
  if (channels.length === 1 || working.length === 1)
    out.push({
      level: 'warning',
      problem: `can be reached by ${working[0]} only`,
      remedy:
        working[0] === 'webpush'
          ? 'add a second way, such as a call: Do Not Disturb of a phone silences a web push'
          : 'add a second way, for when that provider is down',
    });
  return out;
};
