import { X } from 'lucide-react';
import { settings } from '../../text/settings.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { HIDDEN, type Webhooks } from './channel-fields.ts';

const t = settings.channels;

/** Webhooks by name, a row each. `problemAt`: what the server says of a field, by its path below the channel. */
export const WebhookRows = ({
  webhooks,
  onChange,
  problemAt,
}: {
  webhooks: Webhooks;
  onChange: (webhooks: Webhooks) => void;
  problemAt: (path: string) => string | undefined;
}) => {
  const rows = Object.entries(webhooks);
  const set = (index: number, row: Webhooks[string] | undefined, name = rows[index]?.[0] ?? '') =>
    onChange(
      Object.fromEntries(
        rows.flatMap((one, other) => (other !== index ? [one] : row === undefined ? [] : [[name, row] as const])),
      ),
    );
  return (
    <fieldset className="flex flex-col gap-2 desk:col-span-2">
      <legend className="text-meta text-fg-muted">{t.webhooks.title}</legend>
      <p className="text-fg-muted">{t.webhooks.why}</p>
      {rows.map(([name, row], index) => (
        <div key={index} className="flex flex-wrap items-start gap-2">
          <div className="w-40 max-desk:w-full">
            <TextField
              label={t.webhooks.name}
              hint={index === 0 ? t.webhooks.nameHint : undefined}
              required
              error={problemAt(`webhooks.${name}`)}
              // The stored address goes by the name: under another it would be lost.
              readOnly={row.secret_url === HIDDEN}
              value={name}
              onChange={(event) => {
                const typed = event.target.value;
                if (!rows.some(([one], other) => one === typed && other !== index)) set(index, row, typed);
              }}
            />
          </div>
          <div className="min-w-0 flex-1 basis-60">
            <TextField
              label={t.webhooks.url}
              hint={index === 0 ? t.secretHint : undefined}
              type={row.secret_url === HIDDEN || row.secret_url.startsWith('$') ? 'text' : 'password'}
              autoComplete="new-password"
              required={row.secret_url !== HIDDEN}
              placeholder={row.secret_url === HIDDEN ? t.kept : 'https://…'}
              error={problemAt(`webhooks.${name}.secret_url`)}
              value={row.secret_url === HIDDEN ? '' : row.secret_url}
              onChange={(event) => set(index, { secret_url: event.target.value })}
            />
          </div>
          <span className="pt-5">
            <IconButton label={ui.remove(name || t.webhooks.name)} look="quiet" onClick={() => set(index, undefined)}>
              <X size={13} aria-hidden="true" />
            </IconButton>
          </span>
        </div>
      ))}
      <div>
        <Button size="sm" disabled={'' in webhooks} onClick={() => onChange({ ...webhooks, '': { secret_url: '' } })}>
          {t.webhooks.add}
        </Button>
      </div>
    </fieldset>
  );
};
