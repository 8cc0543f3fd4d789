import { useQuery } from '@tanstack/react-query';
import { schedules as t } from '../../text/schedules.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/marks.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Told } from '../../ui/text.tsx';
import { coverProposalsQuery } from './queries.ts';

const SHOWN = 3;

/** The three who would cover a stretch the most fairly, each with the reason; a press puts one into the form. */
export const CoverProposals = ({
  schedule,
  person,
  from,
  to,
  chosen,
  onChoose,
}: {
  schedule: string;
  person: string | undefined;
  from: string;
  to: string;
  chosen: string | undefined;
  onChoose: (person: string) => void;
}) => {
  const found = useQuery(coverProposalsQuery(schedule, person, from, to)).data;
  if (!found) return null;
  if (found.candidates.length === 0) return <p className="text-meta text-fg-muted">{t.cover.nobody}</p>;
  return (
    <div>
      <h3 className="text-meta text-fg-muted">{t.cover.title}</h3>
      <Rows label={t.cover.title}>
        {found.candidates.slice(0, SHOWN).map((one) => (
          <Row key={one.person}>
            <span className="min-w-0 flex-1 basis-60">
              <span className="font-strong">{one.display_name}</span>
              {one.breaks.length > 0 && (
                <span className="ml-2">
                  <Mark state="medium">{one.breaks.map((policy) => t.warnings.policy[policy]).join(', ')}</Mark>
                </span>
              )}
              <span className="block text-meta text-fg-muted">
                <Told>{one.reason}</Told>
              </span>
            </span>
            <Button
              size="sm"
              disabled={chosen === one.person}
              aria-label={
                chosen === one.person ? `${t.cover.chosen}: ${one.display_name}` : t.cover.chooseLabel(one.display_name)
              }
              onClick={() => onChoose(one.person)}
            >
              {chosen === one.person ? t.cover.chosen : t.cover.choose}
            </Button>
          </Row>
        ))}
      </Rows>
    </div>
  );
};
