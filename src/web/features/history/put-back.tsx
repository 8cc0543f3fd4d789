import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { history as t } from '../../text/history.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';

/** Saves a version again, over what is there as it was last seen; asks before. */
export const PutBack = ({ from, noun, to, save }: { from: string; noun: string; to: string; save: () => Promise<unknown> }) => {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const put = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      toast(t.putBackDone);
      await client.invalidateQueries({ queryKey: [noun] });
      await navigate({ to });
    },
    // What somebody else saved meanwhile is what is changed next time.
    onError: () => client.invalidateQueries({ queryKey: [noun] }),
  });
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t.putBack}
      </Button>
      {open && (
        <Dialog
          open
          onClose={() => setOpen(false)}
          title={t.putBackTitle}
          actions={
            <>
              <Button onClick={() => setOpen(false)}>{ui.cancel}</Button>
              <Button look="main" busy={put.isPending} onClick={() => put.mutate()}>
                {t.putBack}
              </Button>
            </>
          }
        >
          <ProblemStrip error={put.error} />
          <p className="text-fg-muted">{t.putBackWhy(from)}</p>
        </Dialog>
      )}
    </>
  );
};
