import { useParams } from '@tanstack/react-router';
import { IncidentDetail } from '../features/incidents/incident-detail.tsx';

export default function IncidentPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <IncidentDetail key={id} id={id} />;
}
