import type { Entry, Party } from '../../absences/feed.ts';

type Known = { name: string; display_name: string; email: string; active: boolean };
/** Who is meant by words of events, and who of them is not known. */
type Matched = { people: string[]; problems: string[] };
export type Match = (event: Pick<Entry, 'reason' | 'attendees' | 'organizer'>) => Matched;

const MOST_PROBLEMS = 5;
const plain = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
const MAIL = /[^\s<>(),;:"']+@[^\s<>(),;:"']+\.[a-z]{2,}/gi;
/** What stands between names in a title: `On call: Ana & Ben`, `Ana Souza - checkout`. */
const BETWEEN = /[,;:&+/|()<>[\]]|\s[-–—]\s|\s(?:and|with)\s/i;
const partsOf = (title: string): string[] => [title, ...title.split(BETWEEN)].map(plain).filter(Boolean);

/**
 * Reads who is on call by an event. What the table of the layer says goes first: of a title it has, by the table alone; of an attendee
 * it has, beside the other attendees. Else it is the attendees, by mail address, then by name; else whoever the title names, by mail
 * address or name, in full; else the organizer. An event that names nobody who is known, a name that two people have, and whoever is
 * deactivated, is told as a problem.
 */
export const matcher = (people: readonly Known[], table: Readonly<Record<string, string>> = {}): Match => {
  const given = new Map(Object.entries(table).map(([words, person]) => [plain(words), person]));
  const byMail = new Map(people.map((one) => [plain(one.email), one]));
  const byName = Map.groupBy(
    people.flatMap((one) => [...new Set([plain(one.name), plain(one.display_name)])].map((words) => ({ words, one }))),
    ({ words }) => words,
  );
  const left = new Set(people.filter((one) => !one.active).map(({ name }) => name));

  const named = (words: string): Matched => {
    const found = byMail.get(words) ? [byMail.get(words) as Known] : (byName.get(words) ?? []).map(({ one }) => one);
    const here = found.length > 1 ? found.filter((one) => one.active) : found;
    if (here.length > 1)
      return { people: [], problems: [`${here.length} people are named ${words}: say in the layer who is meant`] };
    return { people: here.map(({ name }) => name), problems: [] };
  };
  const partyNamed = (party: Party): Matched => {
    const mail = party.email ? named(plain(party.email)) : undefined;
    if (mail && mail.people.length > 0) return mail;
    const name = party.name ? named(plain(party.name)) : undefined;
    if (name && (name.people.length > 0 || name.problems.length > 0)) return name;
    return { people: [], problems: [`nobody here is ${party.name ?? party.email ?? 'an attendee without name'}`] };
  };
  const both = (found: Matched[]): Matched => ({
    people: [...new Set(found.flatMap((one) => one.people))],
    problems: [...new Set(found.flatMap((one) => one.problems))],
  });

  return ({ reason, attendees = [], organizer }) => {
    const words = (party: Party) => [party.email, party.name].flatMap((one) => (one ? [plain(one)] : []));
    const parts = [...partsOf(reason), ...(reason.match(MAIL) ?? []).map(plain)];
    const byTable = [...new Set([...attendees.flatMap(words), ...parts].flatMap((one) => given.get(one) ?? []))];
    const hasTitle = parts.some((one) => given.has(one));
    const settle = (): Matched => {
      if (byTable.length > 0) {
        const others = hasTitle ? [] : attendees.filter((party) => !words(party).some((one) => given.has(one)));
        return both([{ people: byTable, problems: [] }, ...others.map(partyNamed)]);
      }
      const byAttendees = both(attendees.map(partyNamed));
      if (byAttendees.people.length > 0) return byAttendees;
      const byTitle = both(parts.map(named));
      if (byTitle.people.length > 0) return byTitle;
      const problems = [...byAttendees.problems, ...byTitle.problems];
      const tabled = organizer && words(organizer).flatMap((one) => given.get(one) ?? [])[0];
      if (tabled) return { people: [tabled], problems };
      const byOrganizer = organizer && partyNamed(organizer);
      if (byOrganizer && byOrganizer.people.length > 0) return { people: byOrganizer.people, problems };
      return { people: [], problems: problems.length > 0 ? problems : ['it names nobody who is known here'] };
    };
    const { people: found, problems } = settle();
    const gone = found.filter((one) => left.has(one)).map((one) => `${one} is deactivated`);
    return { people: found.filter((one) => !left.has(one)), problems: [...problems, ...gone].slice(0, MOST_PROBLEMS) };
  };
};
