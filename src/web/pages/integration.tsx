import { useParams } from '@tanstack/react-router';
import { IntegrationDetail } from '../features/integrations/integration-detail.tsx';

export default function IntegrationPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <IntegrationDetail key={name} name={name} />;
}
