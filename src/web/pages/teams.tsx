import { TeamsList } from '../features/teams/teams.tsx';

export default TeamsList;
