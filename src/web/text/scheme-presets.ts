/** What most organisations begin with, to be changed: four levels, and five roles. */
export const usualLevels = [
  {
    level: 'SEV-1',
    name: 'Critical',
    description: 'Customers cannot do what they came for, or data is at risk.',
    response_time: '5 minutes',
    communication: 'Every 15 minutes',
    escalation: 'VP of engineering',
    postmortem_required: true,
    examples: ['Database down', 'Payments broken', 'Breach'],
  },
  {
    level: 'SEV-2',
    name: 'Major',
    description: 'A major function is degraded for many.',
    response_time: '15 minutes',
    communication: 'Every 30 minutes',
    escalation: 'Engineering manager',
    postmortem_required: true,
    examples: ['Ten times slower', 'Half of requests failing'],
  },
  {
    level: 'SEV-3',
    name: 'Minor',
    description: 'Some customers are affected, and there is a way round.',
    response_time: '1 hour',
    communication: 'Every 2 hours',
    escalation: 'Team lead',
    examples: ['One region erring', 'A minor function off'],
  },
  {
    level: 'SEV-4',
    name: 'Low',
    description: 'Nobody is held up.',
    response_time: 'Next business day',
    communication: 'Daily',
    examples: ['Cosmetic', 'A slow dashboard'],
  },
];

export const usualRoles = [
  {
    name: 'incident-commander',
    title: 'Incident commander',
    responsibilities: [
      'Sets the severity',
      'Gives out roles',
      'Decides: roll back or look on, when to escalate, when it is over',
    ],
    must_not: ['Debug hands-on', 'Wait to escalate', 'Decide alone what others know better'],
  },
  {
    name: 'communications-lead',
    title: 'Communications lead',
    responsibilities: ['Updates inside and outside, as often as the severity asks', 'Customers, support and sales'],
    must_not: [],
  },
  {
    name: 'operations-lead',
    title: 'Operations lead',
    responsibilities: ['Leads the search', 'Proposes and carries out what helps', 'Calls in experts'],
    must_not: [],
  },
  { name: 'responder', title: 'Responder', responsibilities: ['Hands-on work', 'Follows runbooks'], must_not: [] },
  {
    name: 'scribe',
    title: 'Scribe',
    responsibilities: ['Writes down what was done, by whom, and why', 'Keeps notes for the postmortem'],
    must_not: [],
  },
];
