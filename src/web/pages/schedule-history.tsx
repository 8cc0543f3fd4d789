import { useParams } from '@tanstack/react-router';
import { ScheduleHistory } from '../features/history/schedule-history.tsx';

export default function ScheduleHistoryPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <ScheduleHistory key={name} name={name} />;
}
