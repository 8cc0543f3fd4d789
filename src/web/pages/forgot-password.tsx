import { Forgot } from '../features/sign-in/join.tsx';

export default Forgot;
