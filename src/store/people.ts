/** Whether a handle is the person's, however it is written. */
export type IsPerson = (handle: string) => boolean;

/** What the state holds of a person (behaviour 18.3e). */
export interface PersonState {
  /** Sessions of the person alone. */
  sessions: string[];
  /** Sessions in which others wrote too. */
  sharedSessions: string[];
  /** Rows of the journal: what the person wrote, and what was said in their direct chats. */
  messages: number;
  /** What is under way: messages, turns and sends that have not ended. */
  open: number;
  /** Every row that tells of the person, by its table, as it is stored. */
  rows: Record<string, Record<string, unknown>[]>;
}

/** What `forget` came to: nothing, while something of the person is under way. */
export type Forgotten =
  | { state: "busy"; open: number }
  | {
      state: "done";
      messages: number;
      turns: number;
      sessions: string[];
      /** Left as they are: they tell of others too. */
      sharedSessions: string[];
      /** Turns whose folder may be there. */
      turnIds: string[];
      /** Files that waited to be sent, absolute paths of copies. */
      files: string[];
    };

/** What is kept of one person, in all accounts. */
export interface PeopleStore {
  /** What is kept of a person, and what is under way for them. */
  about(isPerson: IsPerson): Promise<PersonState>;
  /**
   * Removes what a person wrote and what was written to them, in one commit that leaves nothing of it in the file. Kept are: of each
   * row of Messages its GUID and number with what became of it, so that nothing is answered twice; of each send its GUID and
   * number; counts of turns, under nobody's name; approvals and STOP, which are rights.
   */
  forget(isPerson: IsPerson, at: number): Promise<Forgotten>;
}
