import './types.ts';

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
export { authenticate, createToken, firstToken } from './tokens.ts';
