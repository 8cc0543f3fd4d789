import type { Settings } from '../../contract/settings.ts';
import type { ChannelName } from '../channels/types.ts';

type Problem = { level: 'error' | 'warning'; problem: string; remedy: string };
type Way = { label: string; channel: ChannelName; address: string; verified?: boolean | undefined };
type Reach = { contact_methods: Way[]; problems: string[] } | undefined;
/** The newest test page of the person: of each message whether it failed, and why. */
type Test =
  | {
      on_date: string;
      status: string;
      messages: { label: string; channel: string; address: string; status: string; error: string | null }[];
    }
  | undefined;

/** What a phone that is left for the night shows and does not sound. A webhook may lead to anything. */
const SILENT = new Set<ChannelName>(['email', 'webpush', 'slack', 'telegram', 'teams', 'discord', 'mattermost', 'matrix']);

/** The ways a page takes, as `usableMethods` has them; the mail address stands where nothing is verified. */
const waysOf = (reach: Reach): (Omit<Way, 'address'> & { address?: string })[] => {
  const dead = (label: string) => reach?.problems.some((problem) => problem.startsWith(`${label}: `));
  const alive = (reach?.contact_methods ?? []).filter((method) => !dead(method.label));
  const verified = alive.filter((method) => method.verified);
  if (verified.length > 0) return verified;
  return alive.some((method) => method.channel === 'email') ? alive : [...alive, { label: 'email', channel: 'email' as const }];
};

/** What would keep a message from reaching somebody, as sentences about the person. An error: no way works. */
export const reachProblems = (reach: Reach, settings: Pick<Settings, 'channels'>, test?: Test): Problem[] => {
  const methods = reach?.contact_methods ?? [];
  const out: Problem[] = (reach?.problems ?? []).map((problem) => ({
    level: 'warning',
    problem,
    remedy: 'correct the address and verify it again',
  }));
  const ways = waysOf(reach);
  const working = ways.filter((way) => settings.channels[way.channel]);
  if (working.length === 0)
    return [
      ...out,
      {
        level: 'error',
        problem: `none of the channels of this person has a provider (${[...new Set(ways.map((way) => way.channel))].join(', ')})`,
        remedy: 'set one up under channels in the settings',
      },
    ];
  const failed = working.flatMap((way) => {
    const message = test?.messages.find(
      (one) => one.label === way.label && one.channel === way.channel && (!way.address || one.address === way.address),
    );
    return message?.status === 'failed' ? [`${way.label}: ${message.error ?? 'failed'}`] : [];
  });
  if (failed.length === working.length && test?.status !== 'confirmed')
    out.push({
      level: 'error',
      problem: `was reached by no way in the test page of ${test?.on_date} (${failed.join('; ')})`,
      remedy: 'correct the address or the provider, and send a test page',
    });
  else {
    for (const why of failed)
      out.push({
        level: 'warning',
        problem: `did not get the test page of ${test?.on_date} by ${why}`,
        remedy: 'correct the address or the provider, and send a test page',
      });
    if (test?.status === 'unconfirmed')
      out.push({
        level: 'warning',
        problem: `did not confirm the test page of ${test.on_date}`,
        remedy: 'ask whether it arrived, and send another',
      });
  }
  if (!methods.some((method) => method.verified))
    out.push({
      level: 'warning',
      problem:
        methods.length === 0
          ? 'has no contact method: only the mail address is used'
          : 'has no verified contact method: unverified ones are used',
      remedy: 'send a code and confirm it',
    });
  const carried = [...new Set(working.map((way) => way.channel))];
  const idle = methods.filter(
    (method) => !method.verified && settings.channels[method.channel] && !carried.includes(method.channel),
  );
  /** What somebody has and did not verify is nearer than what they would have to add. */
  const remedyBy = (ways: Way[], otherwise: string): string =>
    ways.length > 0
      ? `verify ${ways.map((way) => way.label).join(', ')}: while a way is verified, pages take verified ways alone`
      : otherwise;
  if (carried.length < 2)
    out.push({
      level: 'warning',
      problem: `can be reached by ${carried[0]} only`,
      remedy: remedyBy(
        idle,
        carried[0] === 'webpush'
          ? 'add a second way, such as a call: Do Not Disturb of a phone silences a web push'
          : 'add a second way, for when that provider is down',
      ),
    });
  else if (carried.every((channel) => SILENT.has(channel)))
    out.push({
      level: 'warning',
      problem: `has no way that wakes somebody who sleeps: ${carried.join(', ')} ${carried.length > 2 ? 'are all' : 'are both'} silenced by Do Not Disturb`,
      remedy: remedyBy(
        idle.filter((method) => !SILENT.has(method.channel)),
        'add a call, an SMS, ntfy or Pushover',
      ),
    });
  return out;
};
