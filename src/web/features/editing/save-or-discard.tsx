import { settings } from '../../text/settings.ts';
import { Button } from '../../ui/button.tsx';

/** What ends the editing of a form: it is sent, or what was typed is given up. */
export const SaveOrDiscard = ({
  label,
  draft,
  busy,
  disabled,
}: {
  label: string;
  draft: { dirty: boolean; discard: () => void };
  busy: boolean;
  disabled?: boolean;
}) => (
  <>
    <Button type="submit" look="main" busy={busy} disabled={disabled}>
      {label}
    </Button>
    {draft.dirty && (
      <Button look="quiet" onClick={draft.discard}>
        {settings.discard}
      </Button>
    )}
  </>
);
