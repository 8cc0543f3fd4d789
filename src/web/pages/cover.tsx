import { useParams } from '@tanstack/react-router';
import { CoverDetail } from '../features/cover/cover-detail.tsx';

export default function CoverPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <CoverDetail key={id} id={id} />;
}
