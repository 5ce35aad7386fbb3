import { effectNames, maxFiles } from "../../conversation/index.js";

/** One parameter of an action, as plain data: its schema, the model's and the command line's come from it. */
export type Parameter = {
  /** For models and people alike: half a sentence. */
  about: string;
  /** Other names that agents and people use; the first that has a value counts. */
  otherNames?: readonly string[];
  required?: true;
  /** How the command line calls it, where that is not its name; one of the other names. */
  option?: string;
  /** What its value is called in the command line's help, where the kind does not tell. */
  value?: string;
} & Kind;

type Kind =
  /** What people read: not empty, at most 100,000 characters. */
  | { kind: "text" }
  /** A short text as it stands, which may be empty: at most 500 characters. */
  | { kind: "title" }
  /** A word, an id, a number as text; at most 4096 characters. */
  | { kind: "word" }
  /** Text that is read later. */
  | { kind: "raw" }
  | { kind: "flag" }
  /** A whole number from 1. */
  | { kind: "number"; most?: number; fallback?: number }
  /** A file by its path. */
  | { kind: "path" }
  | { kind: "paths"; most: number }
  /** Several texts, or one that has them with commas or in lines. */
  | { kind: "list"; least: number; most: number };

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { kind: "flag" }
  ? boolean
  : P extends { kind: "number" }
    ? number
    : P extends { kind: "paths" | "list" }
      ? string[]
      : string;

/** What has a value whether it was given or not. */
type Sure = { required: true } | { kind: "flag" | "paths" } | { fallback: number };

/** The values of parameters that were read. */
export type Values<All extends Parameters> = {
  [Name in keyof All as All[Name] extends Sure ? Name : never]: ValueOf<All[Name]>;
} & {
  [Name in keyof All as All[Name] extends Sure ? never : Name]?: ValueOf<All[Name]> | undefined;
};

// What several actions take.

export const messageId = {
  kind: "word",
  about: "id of the message, short or full",
  otherNames: ["messageSid", "MessageSid", "MessageSidFull", "message_id", "replyTo", "pollId"],
  value: "id",
} as const satisfies Parameter;

export const text = {
  kind: "text",
  about: "what to say; Markdown is understood",
  otherNames: ["message", "newText", "caption"],
  option: "message",
} as const satisfies Parameter;

/** A file, by its bytes or by its path. */
export const file = {
  buffer: { kind: "raw", about: "the file's bytes in base64, instead of its path", value: "base64" },
  path: {
    kind: "path",
    about: "the file, by its path",
    otherNames: ["media", "filePath", "file"],
    option: "media",
  },
  filename: { kind: "raw", about: "what people see, with buffer", otherNames: ["fileName"], value: "name" },
} as const satisfies Parameters;

export const files = {
  kind: "paths",
  about: "files to send, at most 20",
  most: maxFiles,
  value: "path",
} as const satisfies Parameter;

export const effect = {
  kind: "word",
  about: effectNames.join(", "),
  otherNames: ["effectId"],
  value: "name",
} as const satisfies Parameter;
