import { FirstRun } from '../features/sign-in/join.tsx';

export default FirstRun;
