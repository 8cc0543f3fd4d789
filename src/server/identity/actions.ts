import './types.ts';

export { admit } from './admit.ts';
export { assertHolidays, type Holiday, publicHolidays } from './holidays.ts';
export {
  allPeople,
  allTeams,
  assertPeople,
  assertTeam,
  nameOf,
  type PersonRow,
  peopleByIds,
  peopleNamed,
  personByCalendarSecret,
  personNamed,
  removePerson,
  removeTeam,
  savePerson,
  saveTeam,
  teamNamed,
} from './people.ts';
export { actorOfPerson, invitationMail, noteSignIn, refusalOf } from './sign-in.ts';
export { refuseTeamMapped, trustedOrigins } from './sign-on.ts';
export { lockDirectory } from './sign-on-store.ts';
export { authenticate, createToken, firstToken } from './tokens.ts';
