import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { z } from 'zod';
import type { signOnMapping } from '../../../contract/sign-on.ts';
import type { ApiProblem } from '../../api/client.ts';
import { people } from '../../text/people.ts';
import { signOn as t } from '../../text/sign-on.ts';
import { ui } from '../../text/ui.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { teamsQuery } from '../incidents/queries.ts';
import { ROLES, type Role } from '../people/queries.ts';

export type Mapping = z.infer<typeof signOnMapping>;
export const roleOptions = ROLES.map((role) => ({ value: role, label: people.roles[role] as string }));

/** What groups give, a row each. */
export const MappingRows = ({
  mapping,
  onChange,
  problem,
}: {
  mapping: Mapping[];
  onChange: (mapping: Mapping[]) => void;
  problem: ApiProblem | undefined;
}) => {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const set = (index: number, change: Partial<Mapping>) =>
    onChange(mapping.map((one, other) => (other === index ? { ...one, ...change } : one)));
  return (
    <>
      {mapping.map((one, index) => (
        <div key={index} className="flex flex-wrap items-end gap-2">
          <div className="min-w-0 flex-1 basis-40">
            <TextField
              label={t.group}
              required
              value={one.group}
              error={problem?.field?.startsWith(`mapping.${index}`) ? problem.message : undefined}
              onChange={(event) => set(index, { group: event.target.value })}
            />
          </div>
          <div className="w-40">
            <Select
              label={t.role}
              value={one.role ?? ''}
              onChange={(role) => set(index, { role: (role || undefined) as Role | undefined })}
              options={[{ value: '', label: t.none }, ...roleOptions]}
            />
          </div>
          <div className="w-40">
            <Select
              label={t.team}
              value={one.team ?? ''}
              onChange={(team) => set(index, { team: team || undefined })}
              options={[
                { value: '', label: t.none },
                ...teams.map((team) => ({ value: team.name, label: team.title || team.name })),
              ]}
            />
          </div>
          <IconButton
            label={ui.remove(one.group || t.group)}
            look="quiet"
            onClick={() => onChange(mapping.filter((_, other) => other !== index))}
          >
            <X size={13} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="sm" onClick={() => onChange([...mapping, { group: '', role: 'responder' }])}>
          {t.addGroup}
        </Button>
      </div>
    </>
  );
};
