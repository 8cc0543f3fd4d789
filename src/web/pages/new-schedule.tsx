import { NewSchedule } from '../features/schedules/new-schedule.tsx';

export default NewSchedule;
