import type { Ability } from "../bridge/index.js";

/** Toggles of `channels.imessage.actions` (behaviour 2.4). */
export type ActionToggle =
  | "reactions"
  | "edit"
  | "unsend"
  | "reply"
  | "sendWithEffect"
  | "sendAttachment"
  | "renameGroup"
  | "setGroupIcon"
  | "addParticipant"
  | "removeParticipant"
  | "leaveGroup"
  | "polls";

/** What an action is bound to. */
export interface ActionFacts {
  /** Absent: always on. */
  toggle?: ActionToggle;
  /** Absent: works everywhere. */
  ability?: Ability;
  /** Only in groups, and for owners alone. */
  group?: true;
  /** Adds a message to a conversation and tells nothing of it: what `agents.list[].sendTo` allows elsewhere. */
  writes?: true;
}

/** The actions of behaviour 11, in the order in which they are listed. */
export const actions = {
  send: { writes: true },
  read: {},
  react: { toggle: "reactions", ability: "react" },
  reply: { toggle: "reply", ability: "reply" },
  sendWithEffect: { toggle: "sendWithEffect", ability: "effect", writes: true },
  edit: { toggle: "edit", ability: "edit" },
  unsend: { toggle: "unsend", ability: "unsend" },
  "upload-file": { toggle: "sendAttachment", ability: "attachment", writes: true },
  renameGroup: { toggle: "renameGroup", ability: "renameGroup", group: true },
  setGroupIcon: { toggle: "setGroupIcon", ability: "setGroupIcon", group: true },
  addParticipant: { toggle: "addParticipant", ability: "addParticipant", group: true },
  removeParticipant: { toggle: "removeParticipant", ability: "removeParticipant", group: true },
  leaveGroup: { toggle: "leaveGroup", ability: "leaveGroup", group: true },
  poll: { toggle: "polls", ability: "poll", writes: true },
  "poll-vote": { toggle: "polls", ability: "pollVote" },
} satisfies Record<string, ActionFacts>;

export type ActionName = keyof typeof actions;

export const actionNames = Object.keys(actions) as ActionName[];

/** What is known of an action. */
export function factsOf(name: ActionName): ActionFacts {
  return actions[name];
}

/** Finds an action by its name, or by the older name that configurations and agents still use. */
export function actionNamed(name: string): ActionName | undefined {
  if (name === "sendAttachment") return "upload-file";
  return Object.hasOwn(actions, name) ? (name as ActionName) : undefined;
}
