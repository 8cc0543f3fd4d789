import { Simulate } from '../features/why/simulate.tsx';

export default Simulate;
