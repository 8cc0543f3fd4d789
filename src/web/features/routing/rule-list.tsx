import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, GripVertical, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { routing } from '../../text/routing.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Badge, Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import type { RoutingRule } from './queries.ts';
import { RuleEditor } from './rule-editor.tsx';
import { effectWords, moved, placeAfter, whenWords } from './words.ts';

const t = routing.rule;

/** The rules in order, each a sentence that opens its fields. Moved by drag, by buttons, or by Alt and an arrow. */
export const RuleList = ({
  rules,
  onChange,
  open,
  onOpen,
  wrong,
  may,
}: {
  rules: RoutingRule[];
  onChange: (rules: RoutingRule[]) => void;
  open: number | undefined;
  onOpen: (index: number | undefined) => void;
  /** What the server said of one of them. */
  wrong: { index: number; field: string; message: string } | undefined;
  may: boolean;
}) => {
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<number>();
  const focusNext = useRef<number>(undefined);
  useEffect(() => {
    if (focusNext.current === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-rule="${focusNext.current}"]`)?.focus();
    focusNext.current = undefined;
  });
  const move = (from: number, to: number, focus = true) => {
    if (to < 0 || to >= rules.length || from === to) return;
    onChange(moved(rules, from, to));
    if (open !== undefined) onOpen(placeAfter(open, from, to));
    if (focus) focusNext.current = to;
    setSaid(t.moved(rules[from]?.name ?? '', to + 1, rules.length));
  };
  // What is edited before an undo is kept.
  const latest = useRef(rules);
  latest.current = rules;
  const remove = (index: number) => {
    const gone = rules[index];
    if (!gone) return;
    onChange(rules.filter((_, at) => at !== index));
    onOpen(undefined);
    toast(t.removed(gone.name), () => onChange(latest.current.toSpliced(index, 0, gone)));
  };
  return (
    <>
      <div aria-live="polite" className="vh">
        {said}
      </div>
      <ol ref={list} aria-label={routing.list}>
        {rules.map((rule, index) => {
          const isOpen = open === index;
          const error = wrong?.index === index ? wrong : undefined;
          return (
            <li
              key={index}
              className={`border-b border-line ${dragged === index ? 'opacity-60' : ''}`}
              onDragOver={(event) => dragged !== undefined && event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== undefined) move(dragged, index, false);
                setDragged(undefined);
              }}
            >
              <div className="flex items-start gap-2 px-(--pad) py-2">
                {may && (
                  <span
                    draggable
                    title={t.drag}
                    aria-hidden="true"
                    onDragStart={() => setDragged(index)}
                    onDragEnd={() => setDragged(undefined)}
                    className="mt-1 cursor-grab text-fg-subtle max-desk:hidden"
                  >
                    <GripVertical size={14} />
                  </span>
                )}
                <span className="mt-0.5 w-6 text-right text-fg-subtle">{index + 1}</span>
                <button
                  type="button"
                  data-rule={index}
                  aria-expanded={may ? isOpen : undefined}
                  disabled={!may}
                  onClick={() => onOpen(isOpen ? undefined : index)}
                  onKeyDown={(event) => {
                    if (!event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
                    event.preventDefault();
                    move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
                  }}
                  className="flex min-w-0 flex-1 flex-col items-start gap-0.5 rounded-sm text-left enabled:hover:bg-hover"
                >
                  <span className="flex flex-wrap items-center gap-x-2">
                    {may &&
                      (isOpen ? <ChevronDown size={13} aria-hidden="true" /> : <ChevronRight size={13} aria-hidden="true" />)}
                    <span className="font-strong">{rule.name}</span>
                    {rule.drop !== undefined && <Badge>{t.drops}</Badge>}
                  </span>
                  <span className="max-w-full text-fg-muted wrap-break-word">
                    {whenWords(rule)}, <span className="text-fg">{effectWords(rule).join(', ')}</span>
                  </span>
                </button>
                {may && (
                  <span className="flex shrink-0">
                    <IconButton
                      look="quiet"
                      size="sm"
                      label={t.up(rule.name)}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1, false)}
                    >
                      <ArrowUp size={13} aria-hidden="true" />
                    </IconButton>
                    <IconButton
                      look="quiet"
                      size="sm"
                      label={t.down(rule.name)}
                      disabled={index === rules.length - 1}
                      onClick={() => move(index, index + 1, false)}
                    >
                      <ArrowDown size={13} aria-hidden="true" />
                    </IconButton>
                    <span className="max-desk:hidden">
                      <IconButton look="quiet" size="sm" label={t.remove(rule.name)} onClick={() => remove(index)}>
                        <Trash2 size={13} aria-hidden="true" />
                      </IconButton>
                    </span>
                  </span>
                )}
              </div>
              {error && !isOpen && (
                <p className="px-(--pad) pb-2">
                  <Mark state="critical">{error.message}</Mark>
                </p>
              )}
              {isOpen && may && (
                <div className="border-t border-line bg-canvas px-(--pad) py-4">
                  {error && !error.field.endsWith('.name') && (
                    <p role="alert" className="mb-3">
                      <Mark state="critical">
                        <span className="whitespace-normal">{error.message}</span>
                      </Mark>
                    </p>
                  )}
                  <RuleEditor
                    key={index}
                    rule={rule}
                    nameError={error?.field.endsWith('.name') ? error.message : undefined}
                    onChange={(next) => onChange(rules.map((one, at) => (at === index ? next : one)))}
                  />
                  {/* Beside the rule there is no room for it on a phone. */}
                  <div className="pt-4 desk:hidden">
                    <Button look="danger" onClick={() => remove(index)}>
                      {t.remove(rule.name)}
                    </Button>
                  </div>
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
};
