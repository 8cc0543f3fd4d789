import type { z } from 'zod';
import type { pagedStep } from '../../../contract/trace.ts';
import { integrations as t } from '../../text/integrations.ts';
import { clock, duration } from '../../time.ts';
import { Person, Subtle } from '../../ui/text.tsx';

type Step = z.output<typeof pagedStep>;

/** Whom an incident would page, step by step, if nobody answered. */
export const WouldPage = ({ steps }: { steps: Step[] }) => {
  if (steps.length === 0) return <Subtle>{t.replay.nobody}</Subtle>;
  return (
    <ol aria-label={t.replay.pages} className="flex flex-col">
      {steps.map((step) => (
        <li key={step.step} className="grid grid-cols-[92px_minmax(0,1fr)] gap-x-2 border-t border-line py-1.5 first:border-t-0">
          <span>
            <span className="block font-strong">{clock(step.at)}</span>
            <span className="text-meta text-fg-subtle">{t.replay.step(step.step, duration(step.after_seconds * 1000))}</span>
          </span>
          {step.skipped ? (
            <Subtle>{t.replay.skipped(step.skipped)}</Subtle>
          ) : (
            <ul className="flex min-w-0 flex-col gap-1">
              {step.people.map((person) => (
                <li key={person.name} className="min-w-0">
                  <Person name={person.name} note={person.methods.map((one) => one.label || one.channel).join(', ')} />
                  <span className="block text-meta text-fg-subtle">{person.waits ?? person.reason}</span>
                </li>
              ))}
              {step.places.map((place) => (
                <li key={place}>{place}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ol>
  );
};
