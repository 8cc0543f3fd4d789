import { useBlocker } from '@tanstack/react-router';
import { editing as t } from '../../text/editing.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay.tsx';

/** A tab that is left takes what was typed in it along. */
const tabOf = (search: unknown): unknown => (search as { tab?: unknown }).tab;

/** Asks before a page or its tab is left with changes that are not saved. Any other change of the address that stays is no leaving. */
export const LeaveGuard = ({ changes }: { changes: number }) => {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      changes > 0 && (current.pathname !== next.pathname || tabOf(current.search) !== tabOf(next.search)),
    enableBeforeUnload: () => changes > 0,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      open
      onClose={blocker.reset}
      title={t.leave.title}
      actions={
        <>
          <Button onClick={blocker.reset}>{t.leave.stay}</Button>
          <Button look="danger-main" onClick={blocker.proceed}>
            {t.leave.go}
          </Button>
        </>
      }
    >
      <p className="text-fg-muted">{t.leave.why(changes)}</p>
    </Dialog>
  );
};
