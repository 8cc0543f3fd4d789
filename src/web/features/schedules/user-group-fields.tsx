import { Plus, Trash2 } from 'lucide-react';
import { schedules as t } from '../../text/schedules.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Section } from '../../ui/layout.tsx';
import { Select } from '../../ui/select.tsx';
import type { Role, Schedule } from './queries.ts';

type UserGroup = NonNullable<Schedule['slack_user_groups']>[number];
const ROLES: Role[] = ['primary', 'secondary', 'tertiary'];

/** The Slack user groups that are to follow the schedule, or a role of it. */
export const UserGroupFields = ({
  value,
  onChange,
  errorOf,
}: {
  value: UserGroup[];
  onChange: (value: UserGroup[]) => void;
  errorOf: (path: string) => string | undefined;
}) => {
  const put = (at: number, next: UserGroup) => onChange(value.map((one, index) => (index === at ? next : one)));
  return (
    <Section
      title={t.groups.title}
      padded="page"
      action={
        value.length < 10 && (
          <Button size="sm" icon={<Plus size={12} aria-hidden="true" />} onClick={() => onChange([...value, { group: '' }])}>
            {t.groups.add}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-fg-muted">{value.length === 0 ? t.groups.none : t.groups.what}</p>
        {value.map((one, index) => (
          <div key={index} className="flex flex-wrap items-start gap-3">
            <span className="w-52">
              <TextField
                label={t.groups.group}
                value={one.group}
                hint={t.groups.groupHint}
                error={errorOf(`${index}.group`)}
                onChange={(event) => put(index, { ...one, group: event.target.value })}
              />
            </span>
            <span className="w-52">
              <Select
                label={t.groups.who}
                value={one.role ?? ''}
                onChange={(role) => put(index, role ? { group: one.group, role: role as Role } : { group: one.group })}
                options={[{ value: '', label: t.groups.everyone }, ...ROLES.map((value) => ({ value, label: t.role[value] }))]}
              />
            </span>
            <span className="pt-5">
              <IconButton
                label={t.edit.drop(one.group || t.groups.group)}
                look="quiet"
                onClick={() => onChange(value.filter((_, at) => at !== index))}
              >
                <Trash2 size={14} aria-hidden="true" />
              </IconButton>
            </span>
          </div>
        ))}
      </div>
    </Section>
  );
};
