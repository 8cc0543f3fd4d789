import { Compensation } from '../features/compensation/compensation.tsx';

export default function CompensationPage() {
  return <Compensation />;
}
