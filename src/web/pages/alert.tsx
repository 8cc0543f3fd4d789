import { useParams } from '@tanstack/react-router';
import { AlertDetail } from '../features/alerts/alert-detail.tsx';

export default function AlertPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <AlertDetail key={id} id={id} />;
}
