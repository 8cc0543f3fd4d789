/** The fields of a form that a vendor posted. */
export type PhoneForm = Record<string, string>;

/** A message as its vendor keeps it. `url` is on the vendor's own hosts. */
export type Recording = { id: string; url: string; seconds: number };

/** Whom to ring on behalf of a caller, and what the vendor asks meanwhile. Addresses are whole. */
type Ring = {
  /** Said to the caller first. */
  greeting: string | undefined;
  language: string;
  /** E.164, of whoever is rung; the caller never hears or sees it. */
  to: string;
  /** E.164, of the line: what whoever is rung sees. */
  from: string;
  seconds: number;
  /** Asked once nobody talks any more, or nobody took it. */
  nextUrl: string;
  /** What is said to whoever answers, before the caller hears them. */
  whisperUrl: string;
  /** Told that the two were put through, by vendors that ask for the key themselves. */
  takenUrl: string;
};

/** What differs between vendors when a call comes in. Documents are what the vendor carries out next. */
export type PhoneVendor = {
  isSigned: (authToken: string, headers: Headers, url: string, form: PhoneForm) => boolean;
  callId: (form: PhoneForm) => string | undefined;
  /** E.164; undefined when it is hidden. */
  caller: (form: PhoneForm) => string | undefined;
  /** E.164. */
  called: (form: PhoneForm) => string;
  /** The caller is gone. */
  isOver: (form: PhoneForm) => boolean;
  /** The form says that whoever was rung pressed the key and hears the caller. */
  wasPutThrough: (form: PhoneForm) => boolean;
  ring: (ring: Ring) => string;
  /** Says what the call is and asks for the key 1, which `takeUrl` is told. */
  whisper: (text: string, takeUrl: string, locale: string | undefined) => string;
  /** Puts the two through, once the key was pressed. */
  putThrough: string;
  record: (text: string, url: string, seconds: number, language: string, wordsUrl: string | undefined) => string;
  hangUp: (text: string, locale: string | undefined) => string;
  /** A message of two seconds or more; undefined: nothing was said. */
  recording: (form: PhoneForm, baseUrl: string) => Recording | undefined;
  words: (form: PhoneForm) => string | undefined;
};

/** Shorter is a caller who hung up at the tone. */
export const SHORTEST_SECONDS = 2;
/** The longest that two talk; a line that hangs costs no more. */
export const TALK_SECONDS = 7200;
