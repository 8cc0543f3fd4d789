import { ApiProblem } from '../../api/client.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Strip } from '../../ui/layout.tsx';
import type { Refusal } from './act.ts';

/** What did not happen, said at once and aloud, with the way to do it again. */
export const Refused = ({ refusal }: { refusal: Refusal | undefined }) =>
  refusal ? (
    <Strip
      state="critical"
      action={
        <Button size="sm" onClick={refusal.again}>
          {ui.failed.again}
        </Button>
      }
    >
      {refusal.text}
      {refusal.error instanceof ApiProblem && refusal.error.requestId && ` ${ui.failed.request(refusal.error.requestId)}`}
    </Strip>
  ) : null;
