import { CoverAsk } from '../features/cover/cover-ask.tsx';

export default CoverAsk;
