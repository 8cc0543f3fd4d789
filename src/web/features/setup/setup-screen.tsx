import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { setup as t } from '../../text/setup.ts';
import { Button, Link } from '../../ui/button.tsx';
import { PageHead, ProblemStrip, SkeletonRows, SplitPane } from '../../ui/layout.tsx';
import { Progress, Step as StepRow, Steps } from '../../ui/steps.tsx';
import { ChannelStep } from './channel-step.tsx';
import { PageStep } from './page-step.tsx';
import { PresetChooser } from './preset-chooser.tsx';
import { type Setup, type Step, type StepId, setupQuery } from './queries.ts';
import { ReachStep } from './reach-step.tsx';
import { ServiceStep } from './service-step.tsx';
import { SetupSide } from './side.tsx';
import { SourceStep } from './source-step.tsx';
import { StartSmall } from './start-small.tsx';

/** From nothing to a page that arrived: the step that is due is open, the others say how they stand. */
export const SetupScreen = () => {
  const { data, error } = useQuery(setupQuery);
  if (!data)
    return (
      <>
        <PageHead title={t.home.title} />
        {error ? <ProblemStrip error={error} /> : <SkeletonRows />}
      </>
    );
  return (
    <>
      <ProblemStrip error={error} />
      <SplitPane side={<SetupSide path={data.path} server={data.server} />} sideLabel={t.side.title}>
        <div className="px-(--pad) pt-7 pb-10 desk:px-12">
          <div className="max-w-170">
            <h1 tabIndex={-1} data-page-title="" className="text-20 tracking-[-0.012em]">
              {data.ready ? t.ready : t.title(data.of - data.done)}
            </h1>
            <p className="py-1.5 text-prose text-fg-muted">{data.ready ? t.readyWhy : t.why}</p>
            {!data.ready && <Progress done={data.done} of={data.of} label={t.progress(data.done, data.of)} />}
            <div className="pt-4">
              <StepList setup={data} />
            </div>
            <StartSmall weeks={data.weeks} />
          </div>
        </div>
      </SplitPane>
    </>
  );
};

/** These can be done here; the others are put right elsewhere. */
const HERE: StepId[] = ['channel', 'reach', 'service', 'source', 'page', 'severities'];

const StepList = ({ setup }: { setup: Setup }) => {
  const { steps } = setup;
  // What she opened stays open until it is done; then the next one that is due opens by itself.
  const [chosen, setChosen] = useState<StepId>();
  const due = (step: Step) => step.state !== 'done' && HERE.includes(step.id);
  const opened = steps.find((step) => step.id === chosen && (due(step) || step.id === 'page'));
  const open = opened ?? steps.find(due);
  const shown = useRef(open?.id);
  // The step that opened because the one before is done: in sight, and where the keyboard goes on.
  useEffect(() => {
    if (shown.current === open?.id) return;
    shown.current = open?.id;
    const heading = document.getElementById(`step-${open?.id}`);
    heading?.closest('li')?.scrollIntoView({ block: 'nearest' });
    if (document.activeElement === document.body) heading?.focus({ preventScroll: true });
  }, [open?.id]);
  const after = (id: StepId) => steps.slice(steps.findIndex((step) => step.id === id) + 1).find(due)?.id;
  const bodyOf = (step: Step): ReactNode => {
    const next = after(step.id);
    switch (step.id) {
      case 'channel':
        return <ChannelStep />;
      case 'reach':
        return <ReachStep person={setup.person} />;
      case 'service':
        return <ServiceStep step={step} />;
      case 'source':
        return <SourceStep integration={setup.integration} onSkip={next && (() => setChosen(next))} />;
      case 'page':
        return <PageStep page={setup.page} step={step} />;
      case 'severities':
        return <PresetChooser />;
      default:
        return null;
    }
  };
  return (
    <Steps label={t.steps}>
      {steps.map((step) => (
        <StepRow
          key={step.id}
          id={`step-${step.id}`}
          title={step.title}
          state={step.state}
          text={step.text}
          warning={step.warning}
          open={open?.id === step.id}
          action={
            step.state === 'done' ? (
              step.id === 'page' ? (
                open?.id !== 'page' && (
                  <Button size="sm" look="quiet" aria-label={t.showOf(step.title)} onClick={() => setChosen('page')}>
                    {t.show}
                  </Button>
                )
              ) : (
                step.fix && (
                  <Link to={step.fix} look="quiet" size="sm" aria-label={t.changeOf(step.title)}>
                    {t.change}
                  </Link>
                )
              )
            ) : due(step) && open?.id !== step.id ? (
              <Button size="sm" look="quiet" aria-label={t.showOf(step.title)} onClick={() => setChosen(step.id)}>
                {t.show}
              </Button>
            ) : undefined
          }
        >
          {bodyOf(step)}
        </StepRow>
      ))}
    </Steps>
  );
};
