import { why as t } from '../../text/why.ts';

/** What a step of a trace is called. */
export const stepWord = (step: string): string => (t.steps as Record<string, string>)[step] ?? step;
