import { useParams } from '@tanstack/react-router';
import { PolicyPage } from '../features/escalation/policy-detail.tsx';

export default function Policy() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <PolicyPage key={name} name={name} />;
}
