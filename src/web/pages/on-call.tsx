import { OnCallBoard } from '../features/on-call/board.tsx';

export default function OnCallPage() {
  return <OnCallBoard />;
}
