import { useParams } from '@tanstack/react-router';
import { TeamDetail } from '../features/teams/teams.tsx';

export default function TeamPage() {
  const { name = '' } = useParams({ strict: false }) as { name?: string };
  return <TeamDetail key={name} name={name} />;
}
