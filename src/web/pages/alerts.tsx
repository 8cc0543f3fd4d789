import { AlertList } from '../features/alerts/alert-list.tsx';

export default AlertList;
