import { ArrowDown, ArrowUp, ChevronDown, Search as SearchIcon, X } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSearchState } from '../search-state.ts';
import { useShortcuts } from '../shell/shortcuts.ts';
import { ui } from '../text/ui.ts';
import { Button } from './button.tsx';
import { Checkbox } from './field.tsx';
import { Key, KeyHint } from './key.tsx';
import { Popover } from './overlay.tsx';
import type { Option } from './select.tsx';

export type Column<T> = {
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  /** Numbers and times stand right. */
  right?: boolean;
  /** Takes what is left and is cut off with dots. */
  grow?: boolean;
  /** The value of `sort` in the address that sorts by it, rising; `-value` is falling. */
  sort?: string;
  /** From which width it is shown. */
  from?: 'desk' | 'split' | 'wide';
};

const FROM = { desk: 'max-desk:hidden', split: 'max-split:hidden', wide: 'max-wide:hidden' } as const;

type Group<T> = { title: ReactNode; fact?: ReactNode; rows: T[] };

type ListProps<T> = {
  label: string;
  columns: Column<T>[];
  /** Either rows or groups of rows under sticky heads. */
  rows?: T[];
  groups?: Group<T>[];
  idOf: (row: T) => string;
  nameOf: (row: T) => string;
  /** A closed thing is drawn quieter. */
  isOver?: (row: T) => boolean;
  onOpen?: (row: T) => void;
  /** Space: a look at it beside the list. */
  onPeek?: (row: T | undefined) => void;
  peeked?: string | undefined;
  selected?: ReadonlySet<string>;
  onSelect?: (ids: ReadonlySet<string>) => void;
  /** Single keys that act on the selection, or else on the row with the focus. */
  keys?: { key: string; label: string; act: (rows: T[]) => void }[];
  /** On a phone a row is two lines of this instead of columns. */
  phone?: (row: T) => ReactNode;
  more?: { load: () => void; busy: boolean } | undefined;
  fact?: ReactNode;
};

/**
 * Rows with sticky heads and the keyboard of every list: J K move, Enter opens, Space peeks, X selects. The
 * arrows, Home and End work while a row has the focus.
 */
export const List = <T,>(props: ListProps<T>) => {
  const { columns, idOf, nameOf, isOver, onOpen, onPeek, peeked, selected, onSelect, keys = [] } = props;
  const groups = props.groups ?? [{ title: undefined, rows: props.rows ?? [] }];
  const all = groups.flatMap((group) => group.rows);
  const [current, setCurrent] = useState<string>();
  const body = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useSearchState();
  const at = all.findIndex((row) => idOf(row) === current);
  const row = all[at];

  const go = (index: number) => {
    const next = all[Math.max(0, Math.min(all.length - 1, index))];
    if (!next) return;
    setCurrent(idOf(next));
    const element = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(idOf(next))}"]`);
    element?.focus();
    element?.scrollIntoView({ block: 'nearest' });
    if (peeked !== undefined) onPeek?.(next);
  };
  const toggle = (one: T) => {
    const next = new Set(selected);
    if (!next.delete(idOf(one))) next.add(idOf(one));
    onSelect?.(next);
  };
  const marked = () => (selected?.size ? all.filter((one) => selected.has(idOf(one))) : row ? [row] : []);
  useShortcuts([
    { key: 'j', label: ui.key.move, hidden: true, run: () => go(at + 1) },
    { key: 'k', label: ui.key.move, hidden: true, run: () => go(at < 0 ? 0 : at - 1) },
    ...(onSelect ? [{ key: 'x', label: ui.key.select, hidden: true, run: () => row && toggle(row) }] : []),
    ...keys.map((one) => ({
      key: one.key,
      label: one.label,
      run: () => {
        const rows = marked();
        if (rows.length > 0) one.act(rows);
      },
    })),
  ]);
  const onKeyDown = (event: React.KeyboardEvent, one: T) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(all.length - 1),
      Enter: () => onOpen?.(one),
      ' ': () => onPeek?.(peeked === idOf(one) ? undefined : one),
      Escape: () => (peeked ? onPeek?.(undefined) : onSelect?.(new Set())),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  };

  const phone = props.phone;
  // The last column that is always shown, and those after it where there is room.
  const edge = columns.findLastIndex((column) => !column.from);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={body} className="relative min-h-0 flex-1 overflow-auto">
        <table aria-label={props.label} className={`${phone ? 'max-desk:hidden' : ''} border-separate border-spacing-0`}>
          <thead className="sticky top-0 z-10 bg-surface">
            <tr>
              {onSelect && (
                <th className="h-7 w-5 border-b border-line pl-(--pad)">
                  <span className="vh">{ui.key.select}</span>
                </th>
              )}
              {columns.map((column, index) => (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={
                    column.sort && search.sort === column.sort
                      ? 'ascending'
                      : column.sort && search.sort === `-${column.sort}`
                        ? 'descending'
                        : undefined
                  }
                  className={`h-7 border-b border-line px-2 text-12 whitespace-nowrap text-fg-subtle ${index === 0 && !onSelect ? 'pl-(--pad)!' : ''} ${index >= edge ? 'pr-(--pad)!' : ''} ${column.right ? 'text-right' : ''} ${column.grow ? 'w-full' : ''} ${column.from ? FROM[column.from] : ''}`}
                >
                  {column.sort ? (
                    <SortHead column={column} sort={search.sort} onSort={(sort) => setSearch({ sort, cursor: undefined })} />
                  ) : (
                    column.head
                  )}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map((group, groupIndex) => (
            <tbody key={groupIndex}>
              {group.title && (
                <tr>
                  <th
                    scope="colgroup"
                    colSpan={columns.length + (onSelect ? 1 : 0)}
                    className="sticky top-7 h-7 border-b border-line bg-canvas px-(--pad) text-12 text-fg-muted"
                  >
                    <span className="font-strong text-fg">{group.title}</span> {group.fact}
                  </th>
                </tr>
              )}
              {group.rows.map((one) => {
                const id = idOf(one);
                const isSelected = selected?.has(id) || peeked === id;
                return (
                  <tr
                    key={id}
                    data-row={id}
                    tabIndex={id === current || (at < 0 && one === all[0]) ? 0 : -1}
                    aria-selected={onSelect ? (selected?.has(id) ?? false) : undefined}
                    onFocus={() => setCurrent(id)}
                    onKeyDown={(event) => onKeyDown(event, one)}
                    onClick={(event) => {
                      if ((event.target as HTMLElement).closest('a,button,label,input,[role=checkbox]')) return;
                      onOpen?.(one);
                    }}
                    className={`cursor-default outline-offset-[-2px] hover:bg-hover ${isSelected ? 'bg-selected hover:bg-selected' : ''} ${isOver?.(one) ? 'text-fg-muted' : ''}`}
                  >
                    {onSelect && (
                      <td
                        className={`h-(--row) border-b border-line pl-(--pad) ${isSelected ? 'shadow-[inset_2px_0_var(--accent)]' : ''}`}
                      >
                        <Checkbox checked={selected?.has(id) ?? false} onChange={() => toggle(one)} labelHidden>
                          {ui.selectRow(nameOf(one))}
                        </Checkbox>
                      </td>
                    )}
                    {columns.map((column, index) => (
                      <td
                        key={column.key}
                        className={`h-(--row) border-b border-line px-2 whitespace-nowrap ${index === 0 && !onSelect ? 'pl-(--pad)!' : ''} ${index >= edge ? 'pr-(--pad)!' : ''} ${column.right ? 'text-right' : ''} ${column.grow ? 'max-w-0 truncate' : ''} ${column.from ? FROM[column.from] : ''}`}
                      >
                        {column.cell(one)}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          ))}
        </table>
        {phone && (
          <div className="desk:hidden">
            {groups.map((group, groupIndex) => (
              <section key={groupIndex}>
                {group.title && (
                  <h2 className="sticky top-0 z-10 border-b border-line bg-canvas px-4 py-1.5 text-meta font-strong">
                    {group.title} <span className="font-text text-fg-muted">{group.fact}</span>
                  </h2>
                )}
                <ul>
                  {group.rows.map((one) => (
                    <li key={idOf(one)} className="border-b border-line">
                      {phone(one)}
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        )}
        {props.more && (
          <div className="flex justify-center py-3">
            <Button onClick={props.more.load} busy={props.more.busy}>
              {ui.loadMore}
            </Button>
          </div>
        )}
      </div>
      <footer className="flex h-8 shrink-0 items-center gap-4 border-t border-line bg-canvas px-(--pad) max-desk:hidden">
        <KeyHint keys={['J', 'K']}>{ui.key.move}</KeyHint>
        {onOpen && <KeyHint keys={['Enter']}>{ui.key.open}</KeyHint>}
        {onPeek && <KeyHint keys={['Space']}>{ui.key.peek}</KeyHint>}
        {onSelect && <KeyHint keys={['X']}>{ui.key.select}</KeyHint>}
        {keys.map((one) => (
          <KeyHint key={one.key} keys={[one.key.toUpperCase()]}>
            {one.label.toLowerCase()}
          </KeyHint>
        ))}
        <KeyHint keys={['?']}>{ui.key.all}</KeyHint>
        <span className="ml-auto text-12 text-fg-subtle">{props.fact}</span>
      </footer>
    </div>
  );
};

const SortHead = <T,>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: string | undefined;
  onSort: (sort: string) => void;
}) => {
  const [up, down] = [sort === column.sort, sort === `-${column.sort}`];
  return (
    <button
      type="button"
      onClick={() => onSort(down ? (column.sort as string) : `-${column.sort}`)}
      className="inline-flex min-h-6 items-center gap-1 hover:text-fg"
    >
      {column.head}
      {up && <ArrowUp size={11} aria-hidden="true" />}
      {down && <ArrowDown size={11} aria-hidden="true" />}
    </button>
  );
};

/** A filter that lives in the address under `name`: tinted once set, with its value named. */
export const FilterChip = ({
  name,
  label,
  options,
  single,
}: {
  name: string;
  label: string;
  options: Option[];
  single?: boolean;
}) => {
  const [search, set] = useSearchState();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const chosen = search[name]?.split(',').filter(Boolean) ?? [];
  const words = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  const shown = typed ? options.filter((option) => option.label.toLowerCase().includes(typed.toLowerCase())) : options;
  const choose = (value: string) => {
    const next = single
      ? chosen.includes(value)
        ? []
        : [value]
      : chosen.includes(value)
        ? chosen.filter((one) => one !== value)
        : [...chosen, value];
    set({ [name]: next.join(',') || undefined, cursor: undefined });
    if (single) setOpen(false);
  };
  const on = chosen.length > 0;
  return (
    <span
      className={`inline-flex shrink-0 rounded border ${on ? 'border-transparent bg-accent-tint text-accent-fg' : 'border-line-strong text-fg-muted'}`}
    >
      <Popover
        title={label}
        open={open}
        onOpenChange={setOpen}
        trigger={
          <button
            type="button"
            className="inline-flex h-[calc(var(--ctl-sm)-2px)] items-center gap-1.25 rounded px-1.75 text-meta whitespace-nowrap hover:bg-hover"
          >
            {label}
            {on && <b className="max-w-50 truncate font-strong">{words.join(', ')}</b>}
            {!on && <ChevronDown size={12} aria-hidden="true" />}
          </button>
        }
      >
        {options.length > 8 && (
          <input
            aria-label={ui.searchShort}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="mb-2 h-(--ctl) w-full rounded border border-control bg-surface px-2"
          />
        )}
        <ul className="flex max-h-72 flex-col overflow-auto">
          {shown.map((option) => (
            <li key={option.value}>
              {single ? (
                <button
                  type="button"
                  aria-pressed={chosen.includes(option.value)}
                  onClick={() => choose(option.value)}
                  className="flex min-h-7 w-full items-center rounded-sm px-2 text-left hover:bg-hover aria-pressed:font-strong aria-pressed:text-accent-fg max-desk:min-h-11"
                >
                  {option.label}
                </button>
              ) : (
                <div className="flex min-h-7 items-center px-1 max-desk:min-h-11">
                  <Checkbox checked={chosen.includes(option.value)} onChange={() => choose(option.value)}>
                    {option.label}
                  </Checkbox>
                </div>
              )}
            </li>
          ))}
          {shown.length === 0 && <li className="px-2 py-1 text-fg-subtle">{ui.nothingFound}</li>}
        </ul>
      </Popover>
      {on && (
        <button
          type="button"
          aria-label={ui.clearOne(label)}
          onClick={() => set({ [name]: undefined, cursor: undefined })}
          className="grid h-[calc(var(--ctl-sm)-2px)] w-6 place-items-center rounded hover:bg-hover max-desk:w-11"
        >
          <X size={12} aria-hidden="true" />
        </button>
      )}
    </span>
  );
};

/** The text filter of a list, in the address as `q`; `/` goes there. Waits until typing pauses. */
export const FilterText = ({ label, name = 'q' }: { label: string; name?: string }) => {
  const [search, set] = useSearchState();
  const [value, setValue] = useState(search[name] ?? '');
  const input = useRef<HTMLInputElement>(null);
  const given = search[name] ?? '';
  const last = useRef(given);
  useEffect(() => {
    // The address was changed elsewhere: by Back, or by "Clear".
    if (given !== last.current) {
      last.current = given;
      setValue(given);
    }
  }, [given]);
  useEffect(() => {
    if (value === last.current) return;
    const timer = setTimeout(() => {
      last.current = value;
      set({ [name]: value || undefined, cursor: undefined });
    }, 250);
    return () => clearTimeout(timer);
  }, [value, name, set]);
  useShortcuts([{ key: '/', label, run: () => input.current?.focus() }]);
  return (
    <span className="relative inline-flex w-55 shrink-0 items-center max-desk:w-44">
      <SearchIcon size={13} aria-hidden="true" className="pointer-events-none absolute left-2 text-fg-subtle" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          // The browser would empty it: Escape leaves the field and keeps what it filters by.
          event.preventDefault();
          input.current?.blur();
        }}
        className="h-(--ctl-sm) w-full rounded border border-control bg-surface pr-7 pl-7 [&::-webkit-search-cancel-button]:hidden"
      />
      <span className="pointer-events-none absolute right-1">
        <Key>/</Key>
      </span>
    </span>
  );
};

/** One row of filters; "Clear" once any of `names` is set. */
export const Filters = ({ names, children, end }: { names: string[]; children: ReactNode; end?: ReactNode }) => {
  const [search, set] = useSearchState();
  const any = names.some((name) => search[name]);
  return (
    <div className="no-bar relative flex shrink-0 items-center gap-2 px-(--pad) pt-px pb-2.5 max-desk:overflow-x-auto desk:flex-wrap">
      {children}
      {any && (
        <button
          type="button"
          onClick={() => set({ cursor: undefined, ...Object.fromEntries(names.map((name) => [name, undefined])) })}
          className="min-h-6 px-1 text-meta text-accent-fg underline-offset-2 hover:underline"
        >
          {ui.clear}
        </button>
      )}
      {end && <div className="ml-auto flex items-center gap-2">{end}</div>}
    </div>
  );
};
