import type { Ability, MacAction, MacActionParameters } from "../abilities.js";
import type { ChatKey, ImsgMethods, MethodName } from "./methods.js";

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
type Without<Union, Keys extends PropertyKey> = Union extends unknown ? Omit<Union, Keys> : never;

/** An action as imsg takes it. */
interface ActionRow<Action extends MacAction> {
  method: MethodName;
  /** Everything but the chat. */
  params: (given: MacActionParameters[Action]) => object;
  /** The ability that the Mac must have, where that depends on the parameters. */
  ability?: ((given: MacActionParameters[Action]) => Ability) | undefined;
}

/** Makes a row whose parameters are those of its method. */
function by<Name extends MethodName, Given>(
  method: Name,
  params: (given: Given) => Without<ImsgMethods[Name]["params"], KeysOf<ChatKey>>,
  ability?: (given: Given) => Ability,
) {
  return { method, params, ability };
}

/** The method that each action goes by, and how it takes the parameters. */
const actionRows: { [Action in MacAction]: ActionRow<Action> } = {
  react: by(
    "tapback",
    // An emoji beyond the six is refused under `reaction` by every build (protocol reference 13, 24).
    ({ message, reaction, remove }) => ({
      message_id: message,
      ...(isKind(reaction) ? { reaction } : { emoji: reaction }),
      ...(remove && { remove }),
    }),
    ({ reaction }) => (isKind(reaction) ? "react" : "reactWithEmoji"),
  ),
  edit: by("message.edit", ({ message, text }) => ({ message_id: message, text })),
  unsend: by("message.unsend", ({ message }) => ({ message_id: message })),
  renameGroup: by("group.rename", ({ name }) => ({ name })),
  setGroupIcon: by("group.setIcon", ({ file }) => ({ file })),
  addParticipant: by("group.addParticipant", ({ address }) => ({ address })),
  removeParticipant: by("group.removeParticipant", ({ address }) => ({ address })),
  leaveGroup: by("group.leave", () => ({})),
  poll: by("poll.send", ({ question, options, replyTo }) => ({
    question,
    options,
    reply_to: replyTo,
  })),
  pollVote: by("poll.vote", ({ poll, option }) => {
    if ("id" in option) return { poll_guid: poll, option_id: option.id };
    if ("index" in option) return { poll_guid: poll, option_index: option.index };
    return { poll_guid: poll, option: option.text };
  }),
};

/** Whether a tapback is named by its kind, such as `love`, and not by an emoji. */
function isKind(reaction: string): boolean {
  return /^[a-z]+$/.test(reaction);
}

/** The method of what is no action by itself. */
const otherMethods: Record<Exclude<Ability, MacAction>, MethodName> = {
  reactWithEmoji: "tapback",
  reply: "send.rich",
  effect: "send.rich",
  styles: "send",
  attachment: "send",
  voice: "send.attachment",
  typing: "typing",
  read: "read",
  sendStatus: "message.send_status",
  offersContact: "contacts.shouldShareContact",
  shareContact: "contacts.shareContactCard",
  tracked: "send.tracked",
};

/** The row of an action. */
export function actionRow<Action extends MacAction>(action: Action): ActionRow<Action> {
  return actionRows[action];
}

/** The method that something goes by. */
export function methodOf(ability: Ability): MethodName {
  return isAction(ability) ? actionRows[ability].method : otherMethods[ability];
}

function isAction(ability: Ability): ability is MacAction {
  return Object.hasOwn(actionRows, ability);
}
