import { schedules as t } from '../../text/schedules.ts';
import { duration } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Strip } from '../../ui/layout.tsx';
import { moment } from './rows.ts';

/** When nobody is on call in the next 30 days: the first time, how many more, and a way to cover it. */
export const GapStrip = ({
  gaps,
  zone,
  onCover,
}: {
  gaps: { starts: string; ends: string }[];
  zone: string;
  onCover: ((starts: string, ends: string) => void) | undefined;
}) => {
  const [first, ...more] = gaps;
  if (!first) return null;
  return (
    <Strip
      state="high"
      action={
        onCover && (
          <Button size="sm" onClick={() => onCover(first.starts, first.ends)}>
            {t.gap.cover}
          </Button>
        )
      }
    >
      <b className="font-strong">{t.gap.strip(duration(Date.parse(first.ends) - Date.parse(first.starts)))}</b>
      {', '}
      {t.gap.when(moment(first.starts, zone), moment(first.ends, zone))} {more.length > 0 && t.gap.more(more.length)}
    </Strip>
  );
};
