/** What stands behind a code, for whoever meets it: each one plain sentence. */
export interface ErrorText {
  /** What happened. */
  happened: string;
  /** What the reader can do about it. */
  remedy: string;
}

/** The texts of one group of codes. */
export type ErrorTexts = Record<string, ErrorText>;
