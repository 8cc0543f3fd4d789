import type { ReactNode } from 'react';

/** A value, how many it has, and a bar under it as long as its share of the greatest. Pressed, it narrows to the value. */
export const CountBar = ({
  children,
  count,
  shown,
  most,
  hint,
  onPress,
}: {
  children: ReactNode;
  count: number;
  /** The count as the locale writes it. */
  shown: string;
  most: number;
  hint?: string | undefined;
  onPress?: (() => void) | undefined;
}) => {
  const inside = (
    <>
      <span className="flex min-w-0 gap-3">
        <span className="min-w-0 flex-1 truncate">{children}</span>
        <span className="text-fg-muted">{shown}</span>
      </span>
      <span aria-hidden="true" className="mt-1 block h-0.75 rounded-sm bg-sunken">
        <span
          className="block h-full min-w-0.75 rounded-sm bg-fg-subtle"
          style={{ width: `${Math.round((count / most) * 100)}%` }}
        />
      </span>
    </>
  );
  return onPress ? (
    <button
      type="button"
      title={hint}
      onClick={onPress}
      className="-mx-2 block w-[calc(100%+16px)] rounded px-2 py-1.5 text-left hover:bg-hover max-desk:py-2.5"
    >
      {inside}
    </button>
  ) : (
    <div className="py-1.5 text-fg-muted">{inside}</div>
  );
};
