import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ApiProblem, api, ok } from '../../api/client.ts';
import { useSearchState } from '../../search-state.ts';
import { cover as t } from '../../text/cover.ts';
import { schedules } from '../../text/schedules.ts';
import { Button, Link } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Empty, PageHead, PhoneFoot, ProblemStrip, SkeletonRows } from '../../ui/layout.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Select } from '../../ui/select.tsx';
import { usePhone } from '../../ui/width.ts';
import { CoverProposals } from '../schedules/cover-proposals.tsx';
import { scheduleQuery } from '../schedules/queries.ts';
import { useCalled, useMyName } from '../schedules/use-view.ts';
import { deviceZone } from '../schedules/zone.ts';
import { ZonedField } from '../schedules/zoned-field.tsx';
import { span, turnsQuery } from './queries.ts';

type Turn = { schedule: string; title: string; role: string; starts: string; ends: string };
const keyOf = (turn: Turn) => `${turn.schedule} ${turn.role} ${turn.starts}`;
const optionOf = (turn: Turn) => ({
  value: keyOf(turn),
  label: `${turn.title || turn.schedule}, ${span(turn)}`,
  hint: turn.role,
});

/** Asks others to take a turn of mine, or a part of it; or one person to swap it for one of theirs. */
export const CoverAsk = () => {
  const [search] = useSearchState();
  const navigate = useNavigate();
  const client = useQueryClient();
  const phone = usePhone();
  const called = useCalled();
  const me = useMyName();
  const turns = useQuery({ ...turnsQuery('me'), enabled: me !== undefined });
  // A link may name a part of a turn, such as the morning after a night.
  const asked = search.starts && search.ends ? { starts: search.starts, ends: search.ends } : undefined;
  const ofSchedule = turns.data?.find(
    (one) =>
      one.schedule === search.schedule &&
      (!asked || (Date.parse(one.starts) < Date.parse(asked.ends) && Date.parse(one.ends) > Date.parse(asked.starts))),
  );
  const [picked, setPicked] = useState<string>();
  const turn = turns.data?.find((one) => keyOf(one) === picked) ?? (picked === undefined ? ofSchedule : undefined);
  const [part, setPart] = useState<{ starts?: string | undefined; ends?: string | undefined }>(asked ?? {});
  const [whom, setWhom] = useState('');
  const [back, setBack] = useState('');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const schedule = useQuery({ ...scheduleQuery(turn?.schedule ?? ''), enabled: turn !== undefined }).data?.data;
  const others = [...new Set(schedule?.layers.flatMap((layer) => layer.participants.flat()) ?? [])].filter((one) => one !== me);
  const theirs = useQuery({ ...turnsQuery(whom), enabled: whom !== '' }).data ?? [];
  const theirTurn = theirs.find((one) => keyOf(one) === back);
  const [starts, ends] = turn ? [part.starts ?? turn.starts, part.ends ?? turn.ends] : [undefined, undefined];
  const ask = useMutation({
    mutationFn: (given: { schedule: string; starts: string; ends: string }) =>
      ok(
        api.POST('/api/cover-requests', {
          body: {
            ...given,
            person: 'me',
            note,
            ...(whom ? { asked: [whom] } : {}),
            ...(theirTurn ? { in_return: { schedule: theirTurn.schedule, starts: theirTurn.starts, ends: theirTurn.ends } } : {}),
          },
        }),
      ),
    onSuccess: () => {
      toast(t.sent);
      void client.invalidateQueries({ queryKey: ['schedules'] });
    },
  });
  const made = ask.data?.id;
  useEffect(() => {
    if (made) void navigate({ to: `/cover/${made}`, replace: true });
  }, [made, navigate]);
  const field = ask.error instanceof ApiProblem ? ask.error.field : undefined;
  const errorOf = (name: string) => (field === name ? ask.error?.message : undefined);
  const choose = (person: string) => {
    setWhom(person);
    setBack('');
  };
  const send = () => {
    setTried(true);
    if (turn && starts && ends) ask.mutate({ schedule: turn.schedule, starts, ends });
  };
  const button = (
    <Button look="main" {...(phone ? { size: 'touch-main' as const } : {})} busy={ask.isPending} onClick={send}>
      {t.form.send}
    </Button>
  );
  if (turns.data?.length === 0)
    return (
      <>
        <PageHead title={t.ask} />
        <Empty title={t.form.none} action={<Link to="/schedules">{schedules.title}</Link>} />
      </>
    );
  return (
    <>
      <PageHead title={t.ask}>{!phone && button}</PageHead>
      {ask.error && !(field && ['starts', 'ends', 'asked', 'in_return.starts'].includes(field)) ? (
        <ProblemStrip error={ask.error} />
      ) : null}
      {!turns.data ? (
        <SkeletonRows rows={5} />
      ) : (
        <div className="flex min-h-0 max-w-160 flex-1 flex-col gap-3 overflow-y-auto px-(--pad) py-4">
          <Select
            label={t.form.which}
            value={turn ? keyOf(turn) : ''}
            onChange={(value) => {
              setPicked(value);
              setPart({});
              setWhom('');
              setBack('');
            }}
            options={[{ value: '', label: t.form.pick }, ...turns.data.map(optionOf)]}
            error={tried && !turn ? t.form.needTurn : undefined}
          />
          {turn && (
            <>
              <div className="grid gap-3 desk:grid-cols-2">
                <ZonedField
                  label={t.form.from}
                  zone={deviceZone()}
                  value={starts}
                  onChange={(value) => setPart({ ...part, starts: value })}
                  error={errorOf('starts')}
                />
                <ZonedField
                  label={t.form.to}
                  zone={deviceZone()}
                  value={ends}
                  onChange={(value) => setPart({ ...part, ends: value })}
                  error={errorOf('ends')}
                />
              </div>
              <p className="text-meta text-fg-subtle">{t.form.part}</p>
              <Select
                label={t.form.whom}
                value={whom}
                onChange={choose}
                options={[
                  { value: '', label: t.form.everyone },
                  ...[...new Set([...others, ...(whom ? [whom] : [])])].map((name) => ({ value: name, label: called(name) })),
                ]}
                error={errorOf('asked')}
              />
              <h2 className="vh">{t.form.whom}</h2>
              {starts && ends && starts < ends && (
                <CoverProposals schedule={turn.schedule} person={me} from={starts} to={ends} chosen={whom} onChoose={choose} />
              )}
              <Select
                label={t.form.inReturn}
                hint={whom ? t.form.inReturnHint : t.form.inReturnOne}
                value={back}
                onChange={setBack}
                disabled={!whom}
                options={[{ value: '', label: t.form.inReturnNone }, ...theirs.map(optionOf)]}
                error={errorOf('in_return.starts')}
              />
              <TextArea
                label={t.form.note}
                rows={2}
                maxLength={500}
                value={note}
                onChange={(event) => setNote(event.target.value)}
              />
              <p className="text-meta text-fg-muted">{t.form.next}</p>
            </>
          )}
        </div>
      )}
      {phone && (
        <PhoneFoot>
          <div className="flex">{button}</div>
        </PhoneFoot>
      )}
    </>
  );
};
