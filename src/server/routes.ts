import { alertRoutes } from './alerts/routes.ts';
import { backupRoutes } from './backup/routes.ts';
import { catalogRoutes } from './catalog/routes.ts';
import { escalationRoutes } from './escalation/routes.ts';
import { heartbeatRoutes } from './heartbeats/routes.ts';
import { identityRoutes } from './identity/routes.ts';
import { answerRoutes } from './incidents/answer-routes.ts';
import { incidentRoutes } from './incidents/routes.ts';
import type { Intake } from './ingest/intake.ts';
import { ingestRoutes } from './ingest/routes.ts';
import { journalRoutes } from './journal/routes.ts';
import { pagingRoutes } from './paging/routes.ts';
import type { Http } from './platform/http.ts';
import type { Live } from './platform/live.ts';
import type { Runner } from './platform/runner.ts';
import { processRoutes } from './process/routes.ts';
import { scheduleRoutes } from './schedules/routes.ts';
import { silenceRoutes } from './silences/routes.ts';
import { traceRoutes } from './trace/routes.ts';

/** Every address of the product, by module. */
export const addRoutes = (http: Http, runner: Runner, intake: Intake, live: Live): void => {
  journalRoutes(http, live);
  identityRoutes(http);
  catalogRoutes(http);
  scheduleRoutes(http, runner);
  silenceRoutes(http);
  pagingRoutes(http);
  escalationRoutes(http);
  incidentRoutes(http);
  answerRoutes(http, runner);
  alertRoutes(http);
  ingestRoutes(http, intake);
  heartbeatRoutes(http, intake);
  traceRoutes(http);
  processRoutes(http);
  backupRoutes(http, runner);
};
