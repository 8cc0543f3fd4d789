import { alerts as t } from '../../text/alerts.ts';
import { Link } from '../../ui/button.tsx';
import { Mark } from '../../ui/marks.tsx';
import { type Alert, isOver } from './queries.ts';

/** What became of an alert: the incident it is in, or why it is in none. */
export const WhatWasDone = ({ alert }: { alert: Alert }) =>
  alert.incident ? (
    <Link to={`/incidents/${alert.incident}`}>{alert.incident}</Link>
  ) : (
    <Mark state={alert.disposition === 'flapping' ? 'medium' : 'maint'} quiet={isOver(alert) || alert.disposition !== 'flapping'}>
      <span className="font-text">{t.disposition[alert.disposition]}</span>
    </Mark>
  );
