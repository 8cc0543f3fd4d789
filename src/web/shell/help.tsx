import { ui } from '../text/ui.ts';
import { Strip } from '../ui/layout.tsx';
import { Dialog } from '../ui/overlay.tsx';
import { type Shortcut, shortcutsNow, useSingleKeys } from './shortcuts.ts';

/** Every shortcut that works now. */
export default function Help({ onClose }: { onClose: () => void }) {
  const [on] = useSingleKeys();
  const all = shortcutsNow();
  const jumps = all.filter((one) => one.key.startsWith('g '));
  const shell = all.filter((one) => one.key === '?' || one.key === '[');
  const here = all.filter((one) => !jumps.includes(one) && !shell.includes(one));
  const lists: [string, string][] = [
    ['J K', ui.key.move],
    ['Enter', ui.key.open],
    ['Space', ui.key.peek],
    ['X', ui.key.select],
  ];
  const pairs = (shortcuts: Shortcut[]): [string, string][] => shortcuts.map((one) => [one.key.toUpperCase(), one.label]);
  return (
    <Dialog open onClose={onClose} title={ui.help.title} wide>
      {!on && <Strip>{ui.help.off}</Strip>}
      <div className="grid gap-x-8 gap-y-4 desk:grid-cols-2">
        {here.length > 0 && <Part title={ui.help.here} keys={pairs(here)} />}
        <Part title={ui.help.anywhere} keys={[['Ctrl K', ui.help.palette], ['F6', ui.help.back], ...pairs(shell)]} />
        <Part title={ui.help.jumps} keys={pairs(jumps)} />
        <Part title={ui.help.lists} keys={lists} />
      </div>
    </Dialog>
  );
}

const Part = ({ title, keys }: { title: string; keys: [string, string][] }) => (
  <section>
    <h3 className="mb-1 text-12 text-fg-subtle">{title}</h3>
    <dl>
      {keys.map(([key, label]) => (
        <div key={key} className="flex min-h-7 items-center gap-3">
          <dt className="order-2">{label}</dt>
          <dd className="order-1 w-16 shrink-0 text-12 font-strong">{key}</dd>
        </div>
      ))}
    </dl>
  </section>
);
