import { ScheduleList } from '../features/schedules/schedule-list.tsx';

export default ScheduleList;
