import { useParams } from '@tanstack/react-router';
import { Join } from '../features/sign-in/join.tsx';

export default function JoinPage() {
  const { token = '' } = useParams({ strict: false }) as { token?: string };
  return <Join token={token} />;
}
