import { IncidentList } from '../features/incidents/incident-list.tsx';

export default IncidentList;
