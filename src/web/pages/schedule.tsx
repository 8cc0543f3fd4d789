import { useParams } from '@tanstack/react-router';
import { ScheduleDetail } from '../features/schedules/schedule-detail.tsx';

export default function SchedulePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <ScheduleDetail key={name} name={name} />;
}
