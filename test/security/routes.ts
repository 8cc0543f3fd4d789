import type { Permission } from '../../src/server/identity/permissions.ts';

/** What a route takes, as it is meant; the test beside this file asks the running product for each. */
export type Rule = {
  /** `nothing`: it is for those who are nobody yet. `anybody`: whoever is somebody. */
  takes: Permission | 'nothing' | 'anybody';
  /** The thing belongs to a team. */
  team?: true;
  /** She may do it to herself whatever she may do to others; the test asks for somebody else. */
  self?: string;
  /** Its existence is known to everyone who may ask at all. */
  known?: true;
  body?: (team: 'own' | 'other') => object;
};

const reading = (takes: Permission): Rule => ({ takes });
const READ = reading('configuration.read');
const person = (team: string) => ({ display_name: team, email: `${team}@allclear.test` });
const respond = (body?: Rule['body']): Rule => ({
  takes: 'incident.respond',
  team: true,
  known: true,
  ...(body ? { body } : {}),
});

export const ROUTES: Record<string, Rule> = {
  'GET /api/journal': reading('journal.read'),
  'GET /api/live': { takes: 'anybody' },
  'GET /api/sign-in': { takes: 'nothing' },
  'POST /api/sign-in/first-administrator': { takes: 'nothing' },
  'POST /api/sign-in/forgot': { takes: 'nothing' },
  'GET /api/invitations/{token}': { takes: 'nothing' },
  'POST /api/invitations/{token}': { takes: 'nothing' },
  'POST /api/people/{name}/invite': { takes: 'people.write' },
  'DELETE /api/people/{name}/sessions': { takes: 'people.write' },
  'GET /api/access': READ,
  'GET /api/me': { takes: 'anybody' },
  'PUT /api/me': { takes: 'anybody', body: () => ({ display_name: 'Me', time_zone: 'UTC', locale: 'en' }) },
  'GET /api/me/security': { takes: 'anybody' },
  'GET /api/me/sessions': { takes: 'anybody' },
  'DELETE /api/me/sessions': { takes: 'anybody' },
  'DELETE /api/me/sessions/{id}': { takes: 'anybody' },
  'GET /api/me/tokens': { takes: 'anybody' },
  'POST /api/me/tokens': { takes: 'anybody', body: (team) => ({ name: team }) },
  'DELETE /api/me/tokens/{name}': { takes: 'anybody' },
  'GET /api/teams': READ,
  'GET /api/teams/{name}': READ,
  'PUT /api/teams/{name}': {
    takes: 'team.write',
    team: true,
    body: (team) => ({ members: team === 'own' ? ['manager'] : ['other'] }),
  },
  'DELETE /api/teams/{name}': { takes: 'team.write', team: true },
  'GET /api/tokens': reading('tokens.write'),
  'POST /api/tokens': { takes: 'tokens.write', body: (team) => ({ name: `new-${team}` }) },
  'DELETE /api/tokens/{name}': { takes: 'tokens.write' },
  'GET /api/services': READ,
  'GET /api/services/{name}': READ,
  'PUT /api/services/{name}': { takes: 'service.write', team: true, body: (team) => ({ team }) },
  'DELETE /api/services/{name}': { takes: 'service.write', team: true },
  'GET /api/schedules': READ,
  'GET /api/schedules/{name}': READ,
  'PUT /api/schedules/{name}': { takes: 'schedule.write', team: true, body: (team) => ({ team, time_zone: 'UTC', layers: [] }) },
  'DELETE /api/schedules/{name}': { takes: 'schedule.write', team: true },
  'GET /api/schedules/{name}/shifts': READ,
  'GET /api/schedules/{name}/timeline': READ,
  'GET /api/schedules/{name}/overrides': READ,
  'POST /api/schedules/{name}/overrides': {
    takes: 'override.write',
    team: true,
    body: () => ({ kind: 'add', person: 'other', starts: '2026-03-07T00:00:00Z', ends: '2026-03-08T00:00:00Z' }),
  },
  'DELETE /api/schedules/{name}/overrides/{id}': { takes: 'override.write', team: true },
  'POST /api/schedules/preview': {
    takes: 'configuration.read',
    body: () => ({
      schedule: { name: 'x', time_zone: 'UTC', layers: [] },
      from: '2026-03-02T00:00:00Z',
      to: '2026-03-03T00:00:00Z',
    }),
  },
  'GET /api/timeline': READ,
  'GET /api/on-call': reading('incident.read'),
  'GET /api/silences': reading('alert.read'),
  'POST /api/silences': {
    takes: 'silence.write',
    team: true,
    body: (team) => ({ comment: 'x', services: [team], ends_at: '2026-03-09T00:00:00Z' }),
  },
  'GET /api/silences/calendar': reading('alert.read'),
  'GET /api/silences/{id}': reading('alert.read'),
  'POST /api/silences/{id}/end': { takes: 'silence.write', team: true },
  'DELETE /api/silences/{id}': { takes: 'silence.write', team: true },
  'PUT /api/silences/{name}': {
    takes: 'silence.write',
    team: true,
    body: (team) => ({ comment: 'x', services: [team], ends_at: '2026-03-09T00:00:00Z' }),
  },
  'POST /api/silences/preview': {
    takes: 'alert.read',
    body: (team) => ({ comment: 'x', services: [team], ends_at: '2026-03-09T00:00:00Z' }),
  },
  'GET /api/people': READ,
  'GET /api/people/{name}': READ,
  'PUT /api/people/{name}': { takes: 'people.write', body: person },
  'DELETE /api/people/{name}': { takes: 'people.write' },
  'GET /api/people/{name}/impact': READ,
  'POST /api/people/{name}/replace': { takes: 'people.write', body: () => ({ with: 'lead' }) },
  'PUT /api/people/{name}/reach': { takes: 'people.write', body: () => ({ contact_methods: [] }) },
  'GET /api/people/{name}/journal': reading('journal.read'),
  'POST /api/people/{name}/contact-methods/{label}/send-code': { takes: 'people.write' },
  'POST /api/people/{name}/contact-methods/{label}/verify': { takes: 'people.write', body: () => ({ code: '123456' }) },
  'POST /api/people/{name}/test-page': { takes: 'team.write' },
  'GET /api/settings': reading('settings.write'),
  'PUT /api/settings': { takes: 'settings.write' },
  'GET /api/escalation-policies': READ,
  'GET /api/escalation-policies/{name}': READ,
  'PUT /api/escalation-policies/{name}': {
    takes: 'policy.write',
    team: true,
    body: (team) => ({ team, steps: [{ targets: [{ person: 'lead' }] }] }),
  },
  'DELETE /api/escalation-policies/{name}': { takes: 'policy.write', team: true },
  'POST /api/escalation-policies/preview': {
    takes: 'configuration.read',
    body: (team) => ({ name: team, at: '2026-03-02T00:00:00Z' }),
  },
  'GET /api/incidents': { takes: 'anybody' },
  'POST /api/incidents': { takes: 'incident.create', team: true, body: (team) => ({ title: 'x', service: team }) },
  'GET /api/incidents/{id}': { takes: 'anybody' },
  'GET /api/incidents/{id}/timeline': { takes: 'anybody' },
  'POST /api/incidents/{id}/acknowledge': respond(),
  'POST /api/incidents/{id}/resolve': respond(),
  'POST /api/incidents/{id}/close': respond(),
  'POST /api/incidents/{id}/reopen': respond(),
  'POST /api/incidents/{id}/escalate': respond(),
  'POST /api/incidents/{id}/snooze': respond(() => ({ seconds: 600 })),
  'POST /api/incidents/{id}/reassign': respond(() => ({ people: ['lead'] })),
  'POST /api/incidents/{id}/merge': respond((team) => ({ into: team === 'own' ? 'INC-2026-0002' : 'INC-2026-0004' })),
  'POST /api/incidents/{id}/notes': respond(() => ({ text: 'x' })),
  'GET /api/alerts': reading('alert.read'),
  'GET /api/alerts/{id}': reading('alert.read'),
  'GET /api/routing': READ,
  'PUT /api/routing': { takes: 'routing.write', body: () => ({ items: [] }) },
  'GET /api/integrations': READ,
  'GET /api/integrations/{name}': READ,
  'PUT /api/integrations/{name}': { takes: 'service.write', team: true, body: (team) => ({ service: team }) },
  'DELETE /api/integrations/{name}': { takes: 'service.write', team: true },
  'GET /api/integrations/{name}/refused': READ,
  'GET /api/refused-requests': READ,
  'GET /api/heartbeats': READ,
  'GET /api/heartbeats/{name}': READ,
  'PUT /api/heartbeats/{name}': {
    takes: 'service.write',
    team: true,
    body: (team) => ({ integration: team, interval_seconds: 60 }),
  },
  'DELETE /api/heartbeats/{name}': { takes: 'service.write', team: true },
  'GET /api/incidents/{id}/trace': reading('alert.read'),
  'GET /api/alerts/{id}/trace': reading('alert.read'),
  'POST /api/simulate': { takes: 'simulate', body: (team) => ({ integration: team, payload: { summary: 'x' } }) },
  'GET /api/doctor': READ,
  'POST /api/process/plan': { takes: 'process.apply', body: () => ({ files: [{ name: 'x.yaml', text: 'teams: []' }] }) },
  'POST /api/process/apply': { takes: 'process.apply', body: () => ({ files: [{ name: 'x.yaml', text: 'teams: []' }] }) },
  'GET /api/process/export': reading('process.apply'),
  'GET /api/backup': reading('backup'),
  'POST /api/restore': { takes: 'backup' },
};
