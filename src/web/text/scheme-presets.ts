/** Roles in an incident that most organisations begin with, to be changed. */
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
