import { Tooltip } from '@base-ui/react/tooltip';
import { Link as RouterLink } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { Key } from './key.tsx';

type Look = 'main' | 'plain' | 'quiet' | 'danger' | 'danger-main';
type Size = 'sm' | 'md' | 'lg' | 'touch' | 'touch-main';

const LOOKS: Record<Look, string> = {
  main: 'bg-accent border-accent text-on-accent hover:bg-accent-hover hover:border-accent-hover',
  plain: 'bg-surface border-line-strong text-fg hover:bg-hover',
  quiet: 'border-transparent text-fg-muted hover:bg-hover hover:text-fg',
  danger: 'bg-surface border-critical-line text-critical hover:bg-critical-tint',
  'danger-main': 'bg-critical-solid border-critical-solid text-critical-on hover:opacity-90',
};
const SIZES: Record<Size, string> = {
  sm: 'h-(--ctl-sm) px-2 text-meta gap-1.25',
  md: 'h-(--ctl) px-2.5',
  lg: 'h-(--ctl-lg) px-3',
  touch: 'h-12 px-4 text-16 w-full',
  'touch-main': 'h-14 min-w-0 flex-1 px-4 text-16 font-title',
};
const OFF = 'disabled:text-fg-subtle disabled:cursor-not-allowed disabled:opacity-100';
/** What has no ground of its own gets none when it is off. */
const OFF_GROUND = 'disabled:bg-sunken disabled:border-line';
const OFF_QUIET = 'disabled:bg-transparent disabled:opacity-50!';
export const buttonClass = (look: Look = 'plain', size: Size = 'md', square = false): string =>
  `inline-flex shrink-0 cursor-pointer items-center justify-center gap-1.5 rounded border font-strong whitespace-nowrap transition-colors duration-(--fast) ${LOOKS[look]} ${SIZES[size]} ${OFF} ${look === 'quiet' ? OFF_QUIET : OFF_GROUND} ${square ? `px-0! ${size === 'sm' ? 'w-(--ctl-sm)' : size === 'touch' ? 'size-14!' : 'w-(--ctl)'}` : ''}`;

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  look?: Look;
  size?: Size;
  icon?: ReactNode;
  /** The key that does the same, shown inside. */
  shortcut?: string | undefined;
  /** While the answer is awaited the button keeps its width and says so. */
  busy?: boolean;
};

/** One `main` per view. A disabled button says why in `title`. */
export const Button = ({ look, size, icon, shortcut, busy, children, disabled, type = 'button', ...rest }: ButtonProps) => (
  <button type={type} className={buttonClass(look, size)} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
    {busy ? <Spinner /> : icon}
    {children}
    {shortcut && <Key inside={look === 'main' || look === 'danger-main'}>{shortcut}</Key>}
  </button>
);

const Spinner = () => (
  <span aria-hidden="true" className="size-3 rounded-full border-[1.5px] border-current border-t-transparent" />
);

/** A button that is only an icon: its name is its tooltip. */
export const IconButton = ({
  label,
  shortcut,
  children,
  look = 'plain',
  size,
  ...rest
}: Omit<ComponentProps<'button'>, 'className'> & { label: string; shortcut?: string; look?: Look; size?: Size }) => (
  <Tip text={label} shortcut={shortcut}>
    <button type="button" aria-label={label} className={buttonClass(look, size, true)} {...rest}>
      {children}
    </button>
  </Tip>
);

/** A tooltip around one element that can have the focus and that is named or described by the same words. */
export const Tip = ({
  text,
  shortcut,
  children,
}: {
  text: ReactNode;
  shortcut?: string | undefined;
  children: React.ReactElement;
}) => (
  <Tooltip.Root>
    <Tooltip.Trigger render={children} />
    <Tooltip.Portal>
      <Tooltip.Positioner sideOffset={6} className="z-50">
        <Tooltip.Popup
          aria-hidden="true"
          className="fade flex max-w-80 items-center gap-2 rounded-sm bg-inverse px-2 py-1.25 text-12 text-on-inverse"
        >
          <span>{text}</span>
          {shortcut && <Key inside>{shortcut}</Key>}
        </Tooltip.Popup>
      </Tooltip.Positioner>
    </Tooltip.Portal>
  </Tooltip.Root>
);

type LinkProps = {
  to: string;
  search?: Record<string, string | undefined> | undefined;
  children: ReactNode;
  /** `text`: teal words. `plain`: as the text around. `row`: the whole of a phone's row. Or a button's look. */
  look?: 'text' | 'plain' | 'main' | 'button' | 'quiet' | 'row';
  size?: Size;
  title?: string;
  'aria-label'?: string;
};

const linkClass = (look: LinkProps['look'], size: Size | undefined): string =>
  look === 'row'
    ? 'flex flex-col gap-1 px-4 py-3 outline-offset-[-2px]'
    : look === 'plain'
      ? 'hover:underline underline-offset-2'
      : look === 'main' || look === 'quiet'
        ? buttonClass(look, size)
        : look === 'button'
          ? buttonClass('plain', size)
          : 'text-accent-fg hover:underline underline-offset-2';

/** To another screen. `search` is the state its list keeps in the address. */
export const Link = ({ to, search, children, look = 'text', size, ...rest }: LinkProps) => (
  <RouterLink to={to} search={search ?? {}} className={linkClass(look, size)} {...rest}>
    {children}
  </RouterLink>
);

/** A file that the server makes. */
export const DownloadLink = ({
  href,
  look = 'plain',
  size,
  children,
  ...rest
}: {
  href: string;
  look?: Look;
  size?: Size;
  children: ReactNode;
  'aria-label'?: string;
}) => (
  <a href={href} download="" className={buttonClass(look, size)} {...rest}>
    <Download size={14} aria-hidden="true" />
    {children}
  </a>
);

/** To another site; says so to whoever cannot see the arrow. */
export const OutLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent-fg underline-offset-2 hover:underline">
    {children}
    <span aria-hidden="true"> ↗</span>
  </a>
);
