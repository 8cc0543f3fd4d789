import { useParams } from '@tanstack/react-router';
import { HandoffDetail } from '../features/handoffs/handoff-detail.tsx';

export default function HandoffPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <HandoffDetail key={id} id={id} />;
}
