/**
 * The system on one page: which action answers each event, which one does each job, and what runs by the clock.
 * An event's actions run in the transaction that emitted it; a job is a row written in that transaction and runs,
 * at least once, when it is due. Read top to bottom: configuration, an alert's way in, paging, answers, the end.
 */
import * as absences from './absences/actions.ts';
import * as alerts from './alerts/actions.ts';
import * as cover from './cover/actions.ts';
import * as escalation from './escalation/actions.ts';
import * as handoffs from './handoffs/actions.ts';
import * as heartbeats from './heartbeats/actions.ts';
import * as identity from './identity/actions.ts';
import * as incidents from './incidents/actions.ts';
import { placeTold, sentLate, showPlace, showStand } from './incidents/messages.ts';
import { tellSlack } from './incidents/slack.ts';
import { doEnvelope } from './incidents/slack-socket.ts';
import * as ingest from './ingest/actions.ts';
import { makePartitions } from './journal/actions.ts';
import * as leaving from './leaving/actions.ts';
import * as onCallHealth from './on-call-health/actions.ts';
import * as paging from './paging/actions.ts';
import * as phone from './phone/actions.ts';
import type { Flow } from './platform/runner.ts';
import * as readiness from './readiness/actions.ts';
import * as schedules from './schedules/actions.ts';
import * as feeds from './schedules/feed/actions.ts';
import { forgetRotaPreferences } from './schedules/rota/preferences.ts';
import * as setup from './setup/actions.ts';
import * as silences from './silences/actions.ts';
import * as userGroups from './user-groups/actions.ts';

export const flow: Flow = {
  on: {
    'person.removing': [
      schedules.refuseWhileScheduled,
      escalation.refusePersonInUse,
      incidents.refuseWhileHolding,
      cover.personLeft,
    ],
    'person.left': [
      leaving.tellAdministrators,
      escalation.personLeft,
      incidents.personLeft,
      cover.personLeft,
      schedules.lookAgainAt,
    ],
    'person.returned': [schedules.keepTimeAway, schedules.lookAgainAt],
    'person.replaced': [paging.forgetReach, absences.forgetLeave, forgetRotaPreferences],
    'person.invited': [paging.mailInvitation],
    'team.removing': [identity.refuseTeamMapped, escalation.refuseTeamInUse],
    'schedule.removing': [escalation.refuseScheduleInUse, handoffs.scheduleRemoved],
    'service.saved': [escalation.refuseUnknownPolicy],
    'service.removing': [ingest.refuseServiceInUse, heartbeats.refuseServiceInUse, alerts.refuseServiceInUse],

    'silence.over': [alerts.reconsider],
    'schedule.rota_changed': [handoffs.rotaChanged],
    'training.changed': [handoffs.trainingChanged],
    'schedule.changed': [escalation.scheduleChanged, handoffs.plan, userGroups.look],

    'page.unreachable': [escalation.unreachable],
    'page.answered': [incidents.answered],
    'page.sent_late': [sentLate],
    'place.told': [placeTold],
    'escalation.exhausted': [incidents.shout],

    'incident.resolved': [alerts.resolveWithIncident],
    'incident.merged': [alerts.moveWithIncident],
  },

  jobs: {
    'absences.read_calendar': { outside: absences.readCalendar },
    'schedules.read_calendar': { outside: feeds.readCalendar },

    'silence.window_over': { inTransaction: silences.windowOver },

    'user_groups.mirror': { outside: userGroups.mirror },

    'cover.over': { inTransaction: cover.over },
    'cover.tell_chat': { outside: cover.tellChat },

    'escalation.step_due': { inTransaction: escalation.stepDue },
    'escalation.behind_due': { inTransaction: escalation.behindDue },
    'escalation.shift_changed': { inTransaction: escalation.shiftChanged },
    'escalation.tell_place': { outside: escalation.tellPlace },

    'paging.deliver': { outside: paging.deliver },
    'paging.silence': { outside: paging.silence },
    'paging.rule_due': { inTransaction: paging.ruleDue },
    'paging.waiting_over': { inTransaction: paging.waitingOver },
    'paging.unreached_due': { inTransaction: paging.unreachedDue },
    'paging.receipt_due': { inTransaction: paging.receiptDue },
    'paging.send_direct': { outside: paging.sendDirect },
    'paging.send_test': { outside: paging.sendTestMessage },
    'paging.test_over': { inTransaction: paging.testOver },
    'paging.send_invitation': { outside: paging.sendInvitation },
    'paging.send_notice': { outside: paging.sendNotice },
    'paging.probe_now': { outside: paging.probeProviders },

    'incidents.snooze_over': { inTransaction: incidents.snoozeOver },
    'incidents.reminder_due': { inTransaction: incidents.reminderDue },
    'incidents.flapping_over': { inTransaction: incidents.flappingOver },
    'incidents.show_stand': { outside: showStand },
    'incidents.show_place': { outside: showPlace },
    'incidents.slack_envelope': { outside: doEnvelope },
    'incidents.tell_slack': { outside: tellSlack },

    'phone.call_over': { inTransaction: phone.callOver },

    'setup.test_page_over': { inTransaction: setup.testPageOver },
  },

  every: {
    'absences.read_calendars': { seconds: 3600, inTransaction: absences.readCalendars },
    'schedules.read_calendars': { seconds: 3600, inTransaction: feeds.readCalendars },
    'alerts.expire': { seconds: 5, inTransaction: alerts.expire },
    'handoffs.plan': { seconds: 3600, inTransaction: handoffs.planAll },
    'handoffs.tell': { seconds: 60, inTransaction: handoffs.tell },
    'heartbeats.check': { seconds: 15, inTransaction: heartbeats.check },
    'incidents.audit': { seconds: 60, inTransaction: incidents.audit },
    'user_groups.look': { seconds: 20, inTransaction: userGroups.look },
    'paging.probe': { seconds: 300, outside: paging.probeProviders },
    'incidents.dead_man': { seconds: 60, outside: incidents.pingDeadMan },
    'on_call_health.watch': { seconds: 3600, inTransaction: onCallHealth.watch },
    'readiness.test_pages': { seconds: 300, inTransaction: readiness.sendDue },
    'readiness.digests': { seconds: 300, inTransaction: readiness.sendDigests },
    'journal.partitions': { seconds: 86_400, inTransaction: ({ tx }) => makePartitions(tx) },
  },
};
