import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Settings } from '../../../contract/settings.ts';
import { ApiProblem, api, ifMatch, ok } from '../../api/client.ts';
import { useSearchState } from '../../search-state.ts';
import { settings as text } from '../../text/settings.ts';
import { ui } from '../../text/ui.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Badge, Mark } from '../../ui/marks.tsx';
import { Dialog, toast } from '../../ui/overlay.tsx';
import { Subtle, Time } from '../../ui/text.tsx';
import { differences } from '../editing/differences.ts';
import { LeaveGuard } from '../editing/leave-guard.tsx';
import { StaleStrip } from '../editing/stale-strip.tsx';
import { type Draft, isStale, type Tagged, useDraft } from '../editing/use-draft.ts';
import { CHANNELS, chainOf, FIELDS, hasVendors, type Webhooks, withField } from './channel-fields.ts';
import { type Channel, channelsQuery, settingsQuery } from './queries.ts';
import { SettingField } from './setting-field.tsx';
import { SlackManifest } from './slack-manifest.tsx';
import { TestMessage } from './test-message.tsx';
import { VendorFields } from './vendors.tsx';
import { WebhookRows } from './webhook-rows.tsx';

const t = text.channels;

/** How messages leave: each channel with its state, its form and a test of it. */
export const Channels = () => {
  const current = useQuery(settingsQuery);
  if (!current.data) return current.error ? <ProblemStrip error={current.error} /> : <SkeletonRows />;
  return <Editor current={current.data} />;
};

/** Saves the draft as a change of what it was made from. The server keeps what is left out: what being on call is worth, and the wording where it is not what is edited. */
export const useSaveSettings = (draft: Draft<Settings>, edited?: 'wording') => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ compensation: _, wording, ...delivery }: Settings) =>
      ok(
        api.PUT('/api/settings', {
          body: edited === 'wording' && wording ? { ...delivery, wording } : delivery,
          headers: ifMatch(draft.base.tag),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] });
      draft.discard();
      toast(text.saved);
    },
    onError: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
};

const Editor = ({ current }: { current: Tagged<Settings> }) => {
  const states = useQuery(channelsQuery).data?.items;
  const [search, set] = useSearchState();
  const draft = useDraft(current);
  const save = useSaveSettings(draft);
  const [offering, setOffering] = useState<Channel>();
  const problem = save.error instanceof ApiProblem ? save.error : undefined;
  const stale = isStale(save.error) ? save.error : undefined;
  const inField =
    problem?.field?.startsWith('channels.') ||
    problem?.field?.startsWith('throttle.') ||
    problem?.field?.startsWith('receipt_seconds.');
  const changed = differences(draft.base.data, draft.value);
  const stateOf = (channel: Channel) => states?.find((one) => one.channel === channel);
  const open = CHANNELS.find((one) => one === search.edit);
  return (
    <>
      <LeaveGuard changes={changed.length} />
      <StaleStrip draft={draft} refused={stale} onResolved={save.reset} />
      {problem && !stale && !inField && <ProblemStrip error={problem} />}
      <p className="px-(--pad) pt-4 text-fg-muted">{t.why}</p>
      {CHANNELS.map((channel) => {
        const state = stateOf(channel);
        const configured = current.data.channels[channel] !== undefined;
        const touched = changed.some((one) => one.path.split('.')[1] === channel);
        return (
          <Section
            key={channel}
            title={t.name[channel]}
            fact={configured && state ? t.people(state.people) : undefined}
            padded="page"
            action={
              <span className="flex items-center gap-2">
                {touched && <Badge>{t.unsaved}</Badge>}
                <Button
                  size="sm"
                  look={open === channel ? 'quiet' : 'plain'}
                  aria-expanded={open === channel}
                  aria-label={`${open === channel ? t.close : configured ? t.edit : t.setUp}: ${t.name[channel]}`}
                  onClick={() => set({ edit: open === channel ? undefined : channel })}
                >
                  {open === channel ? t.close : configured ? t.edit : t.setUp}
                </Button>
              </span>
            }
          >
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
              {state && state.vendors.length > 1 ? (
                state.vendors.map(({ vendor, problem: down }) => (
                  <span key={vendor} className="flex flex-wrap items-center gap-x-2 gap-y-1">
                    {t.vendor[vendor]}
                    <ChannelMark asks={false} configured problem={down} checkedAt={state.checked_at} connectedSince={null} />
                  </span>
                ))
              ) : (
                <ChannelMark
                  asks={channel === 'telegram'}
                  configured={configured}
                  problem={state?.problem}
                  checkedAt={state?.checked_at}
                  connectedSince={state?.connected_since}
                />
              )}
              {!configured && <span className="text-fg-muted">{t.says[channel]}</span>}
            </div>
            {open === channel && channel === 'slack' && <SlackManifest />}
            {open === channel && (
              <ChannelForm
                channel={channel}
                draft={draft}
                busy={save.isPending}
                problem={inField ? problem : undefined}
                // A channel that needs nothing is set up by saving its empty form.
                onSave={() => save.mutate({ ...draft.value, channels: { [channel]: {}, ...draft.value.channels } })}
                off={configured ? () => setOffering(channel) : undefined}
              />
            )}
            {configured && channel !== 'webpush' && (
              <TestMessage channel={channel} vendors={(state?.vendors ?? []).map((one) => one.vendor)} dirty={touched} />
            )}
          </Section>
        );
      })}
      {offering && (
        <Dialog
          open
          onClose={() => setOffering(undefined)}
          title={t.turnOffTitle(t.name[offering] ?? offering)}
          actions={
            <>
              <Button onClick={() => setOffering(undefined)}>{ui.cancel}</Button>
              <Button
                look="danger-main"
                busy={save.isPending}
                onClick={() => {
                  const { [offering]: _, ...channels } = draft.value.channels;
                  save.mutate({ ...draft.value, channels }, { onSettled: () => setOffering(undefined) });
                }}
              >
                {t.turnOff}
              </Button>
            </>
          }
        >
          <p className="text-fg-muted">{t.turnOffWhy(stateOf(offering)?.people ?? 0)}</p>
        </Dialog>
      )}
    </>
  );
};

/** `asks`: the provider says what is wrong, beside whether it can be reached. */
const ChannelMark = ({
  asks,
  configured,
  problem,
  checkedAt,
  connectedSince,
}: {
  asks: boolean;
  configured: boolean;
  problem: string | null | undefined;
  checkedAt: string | null | undefined;
  connectedSince: string | null | undefined;
}): ReactNode => {
  if (!configured)
    return (
      <Mark state="unknown" quiet>
        {t.off}
      </Mark>
    );
  const asked = checkedAt && (
    <Subtle>
      {t.asked} <Time at={checkedAt} />
    </Subtle>
  );
  if (problem)
    return (
      <>
        <Mark state="critical">{asks ? t.wrong : t.fails}</Mark>
        <span className="wrap-anywhere">{problem}</span>
        {asked}
      </>
    );
  return (
    <>
      <Mark state={checkedAt ? 'ok' : 'unknown'} quiet={!checkedAt}>
        {checkedAt ? t.works : t.unasked}
      </Mark>
      {connectedSince && (
        <Subtle>
          {t.connected} <Time at={connectedSince} />
        </Subtle>
      )}
      {asked}
    </>
  );
};

const ChannelForm = ({
  channel,
  draft,
  busy,
  problem,
  onSave,
  off,
}: {
  channel: Channel;
  draft: Draft<Settings>;
  busy: boolean;
  problem: ApiProblem | undefined;
  onSave: () => void;
  off: (() => void) | undefined;
}) => {
  const config = draft.value.channels[channel] ?? {};
  const saved = draft.base.data.channels[channel];
  const setConfig = (next: Record<string, unknown>) =>
    draft.set({ ...draft.value, channels: { ...draft.value.channels, [channel]: next } });
  const at = (key: string) => (problem?.field === `channels.${channel}.${key}` ? problem.message : undefined);
  const limit = draft.value.throttle[channel];
  const whole = problem?.field === `channels.${channel}` ? problem : undefined;
  return (
    <form
      aria-label={t.name[channel]}
      className="flex flex-col gap-3 pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      {whole && <ProblemStrip error={whole} />}
      {hasVendors(channel) && <VendorFields channel={channel} config={config} saved={saved} errorAt={at} onChange={setConfig} />}
      <div className={`grid max-w-180 gap-3 desk:grid-cols-2 ${hasVendors(channel) ? 'border-t border-line pt-3' : ''}`}>
        {FIELDS[channel].map((spec) =>
          spec.kind === 'webhooks' ? (
            <WebhookRows
              key={spec.key}
              webhooks={(config.webhooks ?? {}) as Webhooks}
              problemAt={at}
              onChange={(webhooks) => setConfig({ ...config, webhooks })}
            />
          ) : (
            <SettingField
              key={spec.key}
              spec={spec}
              value={config[spec.key]}
              error={at(spec.key)}
              onChange={(typed) => setConfig(withField(config, saved, spec, typed))}
            />
          ),
        )}
        {hasVendors(channel) && chainOf(config).length > 1 && (
          <TextField
            label={t.receiptSeconds[channel]}
            hint={t.receiptHint}
            type="number"
            required
            error={problem?.field === `receipt_seconds.${channel}` ? problem.message : undefined}
            value={draft.value.receipt_seconds[channel]}
            onChange={(event) =>
              draft.set({
                ...draft.value,
                receipt_seconds: { ...draft.value.receipt_seconds, [channel]: Number(event.target.value) },
              })
            }
          />
        )}
        <TextField
          label={t.limit}
          hint={t.limitHint}
          type="number"
          min="1"
          error={problem?.field === `throttle.${channel}` ? problem.message : undefined}
          value={limit ?? ''}
          onChange={(event) => {
            const { [channel]: _, ...throttle } = draft.value.throttle;
            const typed = Number(event.target.value);
            draft.set({ ...draft.value, throttle: event.target.value ? { ...throttle, [channel]: typed } : throttle });
          }}
        />
      </div>
      <div className="flex max-w-180 flex-wrap gap-2">
        <Button type="submit" look="main" busy={busy}>
          {t.save}
        </Button>
        {draft.dirty && (
          <Button look="quiet" onClick={draft.discard}>
            {text.discard}
          </Button>
        )}
        {off && (
          <span className="ml-auto">
            <Button look="danger" onClick={off}>
              {t.turnOff}
            </Button>
          </span>
        )}
      </div>
    </form>
  );
};
