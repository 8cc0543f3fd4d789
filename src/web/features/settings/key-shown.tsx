import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/overlay.tsx';
import { Code } from '../../ui/text.tsx';

/** A key that was made, shown this once. */
export const KeyShown = ({
  made,
  text,
  onClose,
}: {
  made: { name: string; token: string };
  text: { title: string; shown: string; done: string };
  onClose: () => void;
}) => (
  <Dialog
    open
    onClose={onClose}
    title={text.title}
    wide
    actions={
      <Button look="main" onClick={onClose}>
        {text.done}
      </Button>
    }
  >
    <p className="text-fg-muted">{text.shown}</p>
    <Code label={made.name}>{made.token}</Code>
  </Dialog>
);
