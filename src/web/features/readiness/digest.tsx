import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Digest as Written } from '../../../contract/readiness.ts';
import { api, ok } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { readiness as t } from '../../text/readiness.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { Switch, TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section } from '../../ui/layout.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { digestQuery } from './queries.ts';

const DAYS = Object.keys(t.form.days) as Written['day'][];

/** When the digest goes out, and to whom. */
export const Digest = () => {
  const found = useQuery(digestQuery);
  const may = useCan()('settings.write');
  const [open, setOpen] = useState(false);
  if (!found.data) return <ProblemStrip error={found.error} />;
  const { enabled, day, at } = found.data;
  return (
    <Section title={t.digest} padded="page" action={may && <Button onClick={() => setOpen(true)}>{t.change}</Button>}>
      <p className="max-w-160 text-fg-muted">{enabled ? t.digestOn(day, at) : t.digestOff}</p>
      {open && <DigestDialog digest={found.data} onClose={() => setOpen(false)} />}
    </Section>
  );
};

const DigestDialog = ({ digest, onClose }: { digest: Written; onClose: () => void }) => {
  const client = useQueryClient();
  const [draft, setDraft] = useState(digest);
  const save = useMutation({
    mutationFn: () => ok(api.PUT('/api/readiness/digest', { body: draft })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['readiness', 'digest'] });
      toast(t.digestSaved);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t.digestTitle}
      actions={
        <>
          <Button onClick={onClose}>{ui.cancel}</Button>
          <Button look="main" busy={save.isPending} onClick={() => save.mutate()}>
            {t.digestSave}
          </Button>
        </>
      }
    >
      <ProblemStrip error={save.error} />
      <Switch checked={draft.enabled} onChange={(enabled) => setDraft({ ...draft, enabled })}>
        {t.digestEnabled}
      </Switch>
      <div className="grid grid-cols-2 gap-3">
        <Select
          label={t.form.day}
          value={draft.day}
          onChange={(day) => setDraft({ ...draft, day: day as 'mon' })}
          options={DAYS.map((value) => ({ value, label: t.form.days[value] }))}
        />
        <TextField
          label={t.form.at}
          type="time"
          value={draft.at}
          onChange={(event) => setDraft({ ...draft, at: event.target.value })}
        />
      </div>
    </Dialog>
  );
};
