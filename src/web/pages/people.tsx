import { PeopleList } from '../features/people/people-list.tsx';

export default PeopleList;
