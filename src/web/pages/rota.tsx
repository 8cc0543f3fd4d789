import { useParams } from '@tanstack/react-router';
import { Rota } from '../features/rota/rota.tsx';

export default function RotaPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  return <Rota key={name} name={name} />;
}
