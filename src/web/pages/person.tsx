import { useParams } from '@tanstack/react-router';
import { PersonDetail } from '../features/people/person-detail.tsx';

export default function PersonPage() {
  const { name = '' } = useParams({ strict: false }) as { name?: string };
  return <PersonDetail key={name} name={name} />;
}
