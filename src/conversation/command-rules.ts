/** What the gates and the intake know of a command of the gateway itself. */
export interface CommandRule {
  /** Whether people type its name after a slash; others are known by what was said. */
  typed: boolean;
  /** Whether it is carried out at once, not held back for what the same person writes next (behaviour 9.3). */
  quick: boolean;
}

/** The commands that exist, by name, in lower case and without the slash. */
export type CommandRules = Readonly<Record<string, CommandRule>>;

/** Names of the commands that nobody types by name: a gate knows each by what was said (behaviour 3.6, 3.7, 6.5). */
export const untypedCommands = {
  /** STOP. */
  optOut: "opt-out",
  /** START. */
  optIn: "opt-in",
  /** The phrase of `tapback pair`. */
  enrol: "enrol",
  /** An answer to a permission request, or about a draft. */
  answer: "answer",
  /** What somebody who was let in nowhere answers to an owner's message (behaviour 10.3a). */
  forward: "forward",
} as const;
