import { useParams } from '@tanstack/react-router';
import { ServiceDetail } from '../features/services/service-detail.tsx';

export default function ServicePage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <ServiceDetail key={name} name={name} />;
}
