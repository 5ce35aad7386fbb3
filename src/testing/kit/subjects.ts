import { Conversation } from "./people.js";
import { Message, type Scene } from "./scene.js";

/** What can be said something about. */
export type Subject = Conversation | Scene | Message;

/** How a subject is called in what a failure prints. */
export function nameOf(subject: Subject): string {
  if (subject instanceof Conversation) return subject.label;
  return subject instanceof Message ? `“${subject.text}”` : "the world";
}

/** @throws TypeError for whatever is none */
export function asPlace(subject: unknown): Conversation {
  if (subject instanceof Conversation) return subject;
  throw new TypeError("it takes a person or a group of a world");
}

/** @throws TypeError for whatever is none */
export function asMessage(subject: unknown): Message {
  if (subject instanceof Message) return subject;
  throw new TypeError("it takes a message, as `says` gives it");
}

/** @throws TypeError for whatever is none */
export function asWorld(subject: unknown): Scene {
  if (typeof subject === "object" && subject !== null && "stories" in subject) return subject as Scene;
  throw new TypeError("it takes a world");
}
