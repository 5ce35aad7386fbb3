/** A phrase that lets in whoever writes it first (behaviour 3.6). */
export interface NewEnrolment {
  /** The phrase in the form in which texts are compared. */
  phrase: string;
  /** Whether its writer becomes an owner. */
  owner: boolean;
  createdAt: number;
  expiresAt: number;
}

export interface Enrolment extends NewEnrolment {
  id: number;
  account: string;
  /** `used` by its writer, `replaced` by a newer one, `guessed` when too many wrong phrases came. */
  state: "open" | "used" | "replaced" | "guessed";
  /** Who wrote it, as Apple names that person. */
  handle?: string;
}

export interface EnrolmentStore {
  /** Opens an enrolment; an open one of the account is replaced. */
  open(account: string, enrolment: NewEnrolment): Promise<Enrolment>;
  /** The account's enrolment that is open at a time. */
  current(account: string, at: number): Promise<Enrolment | undefined>;
  /** An enrolment, whatever became of it. */
  get(id: number): Promise<Enrolment | undefined>;
  /** The newest of an account, or of all. */
  last(account?: string): Promise<Enrolment | undefined>;
  /** How often somebody wrote a wrong phrase, and how often all did. */
  guesses(id: number, handle: string): Promise<Guesses>;
  /**
   * Somebody said a phrase: one that is not the open enrolment's is counted, up to `most.own` of one sender, and the
   * `most.all`th ends it.
   * @param phrase in the form in which texts are compared
   */
  phraseSaid(account: string, handle: string, phrase: string, most: Guesses, at: number): Promise<void>;
}

/** Wrong phrases of an enrolment, of one sender and of all. */
export interface Guesses {
  own: number;
  all: number;
}
