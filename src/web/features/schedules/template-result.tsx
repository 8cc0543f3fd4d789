import { schedules as t } from '../../text/schedules.ts';
import { Mark } from '../../ui/marks.tsx';
import type { TemplateAnswer } from './queries.ts';
import { cityOf } from './zone.ts';

/** What the server found: each site's hours, on its own clocks too, and what could not be avoided. */
export const TemplateResult = ({ answer, policy, zone }: { answer: TemplateAnswer; policy: string; zone: string }) => {
  if (answer.template === 'tiers')
    return policy && <p className="px-(--pad) pt-1 text-fg-muted">{t.create.policyMade(policy)}</p>;
  const head = 'border-b border-line py-1.5 pr-4 text-left';
  const cell = 'border-b border-line py-1.5 pr-4 align-top';
  return (
    <div className="flex flex-col gap-2 px-(--pad) pt-1 pb-3">
      <table className="w-full max-w-160">
        <thead>
          <tr className="text-meta text-fg-subtle">
            {[t.create.siteHead, t.create.hoursIn(cityOf(zone)), t.create.onItsClocks, t.create.nights].map((one) => (
              <th key={one} scope="col" className={head}>
                {one}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.sites.map((site) => (
            <tr key={site.name}>
              <th scope="row" className={`${cell} text-left`}>
                {site.name}
              </th>
              <td className={cell}>{t.create.fromTo(site.from, site.to)}</td>
              <td className={cell}>{site.local.join(', ')}</td>
              <td className={cell}>{t.preview.h(String(site.night_hours))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.gap_hours === 0 ? (
        <Mark state="ok" quiet>
          {t.create.covered}
        </Mark>
      ) : (
        <Mark state="high">{t.create.uncovered(answer.gap_hours)}</Mark>
      )}
    </div>
  );
};
