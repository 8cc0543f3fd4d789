import { SilenceList } from '../features/silences/silence-list.tsx';

export default SilenceList;
