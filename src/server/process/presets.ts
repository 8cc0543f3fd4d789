import type { SeverityLevel } from '../../contract/process.ts';
import { same } from './same.ts';

export type PresetId = 'sev-1-to-4' | 'p0-to-p3' | 'target-resolution';
export type Preset = { id: PresetId; title: string; description: string; levels: SeverityLevel[] };

const level = (one: Partial<SeverityLevel> & { level: string }): SeverityLevel => ({
  name: '',
  description: '',
  roles_required: [],
  examples: [],
  ...one,
});

/** Three schemes that are in real use, from worst to least. An organisation begins with one and changes it as it likes. */
export const PRESETS: Preset[] = [
  {
    id: 'sev-1-to-4',
    title: 'SEV-1 to SEV-4',
    description:
      'Critical, major, minor, low. Each says how soon it is answered, how often the company hears of it, and who is told.',
    levels: [
      level({
        level: 'SEV-1',
        name: 'Critical',
        description: 'Customers cannot do what they came for, or data is at risk.',
        response_time: '5 minutes',
        communication: 'Every 15 minutes',
        escalation: 'VP of engineering',
        postmortem_required: true,
        examples: ['Database down', 'Payments broken', 'Breach'],
      }),
      level({
        level: 'SEV-2',
        name: 'Major',
        description: 'A major function is degraded for many.',
        response_time: '15 minutes',
        communication: 'Every 30 minutes',
        escalation: 'Engineering manager',
        postmortem_required: true,
        examples: ['Ten times slower', 'Half of requests failing'],
      }),
      level({
        level: 'SEV-3',
        name: 'Minor',
        description: 'Some customers are affected, and there is a way round.',
        response_time: '1 hour',
        communication: 'Every 2 hours',
        escalation: 'Team lead',
        examples: ['One region erring', 'A minor function off'],
      }),
      level({
        level: 'SEV-4',
        name: 'Low',
        description: 'Nobody is held up.',
        response_time: 'Next business day',
        communication: 'Daily',
        examples: ['Cosmetic', 'A slow dashboard'],
      }),
    ],
  },
  {
    id: 'p0-to-p3',
    title: 'SEV0 to SEV3 (P0 to P3)',
    description:
      'Says who is paged and when, which roles are taken, and when customers hear of it. For teams that page outside office hours.',
    levels: [
      level({
        level: 'SEV0',
        name: 'P0, critical outage',
        description: 'Everything is down, data is lost, or nobody can pay.',
        paging: 'At once, day and night, all hands; executives are told',
        communication: 'Every 15 minutes',
        escalation: 'Executives',
        roles_required: ['incident-commander', 'communications-lead', 'operations-lead', 'scribe'],
        customer_notice: 'Mail within 1 hour',
        postmortem_required: true,
        examples: ['Full outage', 'Data loss', 'Payments down'],
      }),
      level({
        level: 'SEV1',
        name: 'P1, major degradation',
        description: 'Much is degraded, or an important part of customers is held up.',
        paging: 'In business hours; outside of them by escalation',
        communication: 'Every 30 minutes',
        roles_required: ['incident-commander', 'operations-lead'],
        customer_notice: 'Mail within 1 hour',
        postmortem_required: true,
        examples: ['Checkout fails for some', 'One large customer is down'],
      }),
      level({
        level: 'SEV2',
        name: 'P2, minor function impaired',
        description: 'A minor function does not work, or there is a way round.',
        paging: 'Mail or chat, on the next business day',
        response_time: 'Next business day',
        communication: 'Every 2 hours',
        roles_required: ['responder'],
        examples: ['Exports are late'],
      }),
      level({
        level: 'SEV3',
        name: 'P3, cosmetic',
        description: 'Looks wrong, works right.',
        paging: 'Nobody: it is planned like other work',
        roles_required: ['responder'],
        examples: ['A wrong label'],
      }),
    ],
  },
  {
    id: 'target-resolution',
    title: 'SEV1 to SEV4 with target resolution',
    description: 'Says by when it must be over. For teams that promise times to their customers.',
    levels: [
      level({
        level: 'SEV1',
        name: 'Critical',
        description: 'Down entirely, or critical data at risk.',
        target_resolution: '1 hour',
        escalation: 'Executives and customers',
        customer_notice: 'Told directly',
        postmortem_required: true,
      }),
      level({
        level: 'SEV2',
        name: 'High',
        description: 'A major function is degraded, and there is a way round.',
        target_resolution: '4 hours',
        escalation: 'Readers of the status page',
        customer_notice: 'On the status page',
        postmortem_required: true,
      }),
      level({
        level: 'SEV3',
        name: 'Medium',
        description: 'Customers are affected, no major function is.',
        target_resolution: '24 hours',
        escalation: 'The team',
      }),
      level({
        level: 'SEV4',
        name: 'Low',
        description: 'No customer is affected.',
        target_resolution: '1 week',
        escalation: 'Nobody: a ticket is enough',
      }),
    ],
  },
];

/** What the words say in seconds is worked out when a scheme is saved: it is no difference. */
const asWritten = (levels: SeverityLevel[]) =>
  levels.map((one) => Object.fromEntries(Object.entries(one).filter(([key]) => !/_(seconds|business_days)$/.test(key))));

/** Whether a scheme is this preset, unchanged. */
export const isPreset = (preset: Preset, levels: SeverityLevel[]): boolean => same(asWritten(preset.levels), asWritten(levels));

/** The level of today's that something still names and the new scheme would lack, and what names it; undefined: none. */
export const levelThatVanishes = (
  before: SeverityLevel[],
  after: SeverityLevel[],
  used: { by: string; level: string }[],
): { by: string; level: string } | undefined => {
  const has = (levels: SeverityLevel[], name: string) => levels.some((one) => one.level.toLowerCase() === name.toLowerCase());
  return used.find((one) => has(before, one.level) && !has(after, one.level));
};
