import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../api/client.ts';
import { setup } from '../../text/setup.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemStrip } from '../../ui/layout.tsx';
import { Choices } from '../../ui/steps.tsx';
import { presetsQuery } from './queries.ts';

const t = setup.severities;

/** The schemes of severity to begin with; the one that is chosen replaces the levels at once. */
export const PresetChooser = ({ replaces, onDone }: { replaces?: boolean; onDone?: () => void }) => {
  const client = useQueryClient();
  const presets = useQuery(presetsQuery).data?.items;
  const [picked, setPicked] = useState<string>();
  const choose = useMutation({
    mutationFn: (preset: NonNullable<typeof presets>[number]['id']) =>
      ok(api.POST('/api/severities/preset', { body: { preset } })),
    onSuccess: async () => {
      await Promise.all(['settings', 'setup'].map((key) => client.invalidateQueries({ queryKey: [key] })));
      onDone?.();
    },
  });
  const chosen = presets?.find((one) => one.id === picked) ?? presets?.find((one) => one.chosen) ?? presets?.[0];
  if (!presets || !chosen) return null;
  return (
    <div className="flex flex-col gap-3 text-left">
      <ProblemStrip error={choose.error} />
      <Choices
        label={t.label}
        name="preset"
        value={chosen.id}
        onChange={setPicked}
        options={presets.map((one) => ({
          value: one.id,
          label: one.chosen ? `${one.title} (${t.inForce})` : one.title,
          hint: (
            <>
              {one.description}
              <span className="block text-fg-subtle">
                {one.levels.map((level) => `${level.level} ${level.name}`).join(' · ')}
              </span>
            </>
          ),
        }))}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look="main"
          busy={choose.isPending}
          disabled={chosen.chosen}
          title={chosen.chosen ? t.inForce : undefined}
          onClick={() => choose.mutate(chosen.id)}
        >
          {t.do}
        </Button>
        {replaces && <span className="text-meta text-fg-subtle">{t.replaces}</span>}
      </div>
    </div>
  );
};
