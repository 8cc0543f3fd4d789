import { FolderPlus, Plus, X } from 'lucide-react';
import type { Condition } from '../../../contract/common.ts';
import { matching as t } from '../../text/matching.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { emptyMatcher, MatcherFields } from './matcher-fields.tsx';
import { conditionOf, type Group, groupOf, isMatcher, type Mode } from './words.ts';

const MODES = (['all', 'any', 'none', 'notAll'] as const).map((value) => ({ value, label: t.modes[value] }));
/** Deeper than this nobody reads it; the API takes it and it is shown. */
const DEEPEST = 3;

/** A condition as groups of tests: all, any, none or not all of them, with groups inside. */
export const ConditionEditor = ({
  condition,
  onChange,
  onRemove,
  depth = 0,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
  onRemove?: () => void;
  depth?: number;
}) => {
  const group = groupOf(condition);
  const change = (part: Partial<Group>) => onChange(conditionOf({ ...group, ...part }));
  const replace = (index: number, next: Condition) =>
    change({ items: group.items.map((one, at) => (at === index ? next : one)) });
  const remove = (index: number) => change({ items: group.items.filter((_, at) => at !== index) });
  return (
    <fieldset
      aria-label={t.modes[group.mode]}
      className={`flex min-w-0 flex-col gap-2 ${depth > 0 ? 'border-l-2 border-line-strong pl-3' : ''}`}
    >
      <div className="flex items-center gap-2">
        <div className="w-60">
          <Select
            label={t.mode}
            labelHidden
            value={group.mode}
            onChange={(mode) => change({ mode: mode as Mode })}
            options={MODES}
          />
        </div>
        {onRemove && (
          <IconButton look="quiet" label={t.removeGroup} onClick={onRemove}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {group.items.map((item, index) =>
        isMatcher(item) ? (
          <MatcherFields
            key={index}
            nth={index}
            matcher={item}
            onChange={(next) => replace(index, next)}
            onRemove={() => remove(index)}
          />
        ) : (
          <ConditionEditor
            key={index}
            condition={item}
            depth={depth + 1}
            onChange={(next) => replace(index, next)}
            onRemove={() => remove(index)}
          />
        ),
      )}
      {group.items.length === 0 && group.mode === 'all' && depth === 0 && <p className="text-fg-muted">{t.alwaysHint}</p>}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          icon={<Plus size={12} aria-hidden="true" />}
          disabled={group.items.length >= 50}
          onClick={() => change({ items: [...group.items, emptyMatcher] })}
        >
          {t.add}
        </Button>
        {depth < DEEPEST && (
          <Button
            size="sm"
            look="quiet"
            icon={<FolderPlus size={12} aria-hidden="true" />}
            disabled={group.items.length >= 50}
            onClick={() => change({ items: [...group.items, { any: [emptyMatcher] }] })}
          >
            {t.addGroup}
          </Button>
        )}
      </div>
    </fieldset>
  );
};
