import type { z } from 'zod';
import type { handoffState } from '../../contract/handoff.ts';

export type State = z.infer<typeof handoffState>;
export type Side = 'outgoing' | 'incoming';
