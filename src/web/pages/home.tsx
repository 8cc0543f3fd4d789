import { useCan } from '../api/me.ts';
import { CoverToAnswer } from '../features/cover/to-answer.tsx';
import { Burning } from '../features/home/burning.tsx';
import { MyPages } from '../features/home/my-pages.tsx';
import { SetUp } from '../features/home/set-up.tsx';
import { HomeSide } from '../features/home/side.tsx';
import { home } from '../text/home.ts';
import { later } from '../ui/later.tsx';
import { SplitPane } from '../ui/layout.tsx';

const RestOwed = later(async () => (await import('../features/on-call-health/rest-owed.tsx')).RestOwed);
const MyHandoffs = later(async () => (await import('../features/handoffs/lists.tsx')).MyHandoffs);

export default function Home() {
  const can = useCan();
  return (
    <>
      <MyPages />
      <SplitPane
        side={
          <>
            {can('override.write') && <RestOwed />}
            {can('override.write') && <CoverToAnswer />}
            {can('override.write') && <MyHandoffs />}
            <SetUp />
            <HomeSide />
          </>
        }
        sideLabel={home.onCall}
      >
        <Burning />
      </SplitPane>
    </>
  );
}
