import { Readiness } from '../features/readiness/readiness.tsx';

export default Readiness;
