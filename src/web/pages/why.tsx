import { useParams } from '@tanstack/react-router';
import { WhyTrace } from '../features/why/why-trace.tsx';
import { NotFound } from '../shell/failed.tsx';

export default function WhyPage() {
  const { kind, id } = useParams({ strict: false }) as { kind: string; id: string };
  if (kind !== 'incident' && kind !== 'alert') return <NotFound />;
  return <WhyTrace key={`${kind} ${id}`} kind={kind} id={id} />;
}
