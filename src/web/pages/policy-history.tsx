import { useParams } from '@tanstack/react-router';
import { PolicyHistory } from '../features/history/policy-history.tsx';

export default function PolicyHistoryPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <PolicyHistory key={name} name={name} />;
}
