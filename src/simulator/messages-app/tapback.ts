import { TapbackError } from "../../platform/index.js";
import type { World } from "../world/world.js";
import { messageColumnsOf } from "./act.js";
import type { ChatRow } from "./chats.js";
import type { Actor } from "./deliver.js";
import { insertMessage, type Written } from "./insert.js";
import { filesOf, partsOf } from "./parts.js";
import { tapbackSummary, targetSummary } from "./summary.js";
import type { Target } from "./threads.js";

interface Kind {
  code: number;
  /** `reaction_type` when read. */
  read: string;
  /** The name that is sent. */
  send: string;
  emoji: string;
  aliases: string[];
  added: string;
  removed: string;
}

/** Protocol reference 7.2. */
export const tapbackKinds: Kind[] = [
  {
    code: 2000,
    read: "love",
    send: "love",
    emoji: "❤️",
    aliases: ["heart", "❤"],
    added: "Loved",
    removed: "a heart",
  },
  {
    code: 2001,
    read: "like",
    send: "like",
    emoji: "👍",
    aliases: ["thumbsup", "thumbs-up", "+1"],
    added: "Liked",
    removed: "a like",
  },
  {
    code: 2002,
    read: "dislike",
    send: "dislike",
    emoji: "👎",
    aliases: ["thumbsdown", "thumbs-down", "-1"],
    added: "Disliked",
    removed: "a dislike",
  },
  {
    code: 2003,
    read: "laugh",
    send: "laugh",
    emoji: "😂",
    aliases: ["haha", "lol", "🤣"],
    added: "Laughed at",
    removed: "a laugh",
  },
  {
    code: 2004,
    read: "emphasis",
    send: "emphasize",
    emoji: "‼️",
    aliases: ["emphasis", "!!", "‼"],
    added: "Emphasized",
    removed: "an exclamation",
  },
  {
    code: 2005,
    read: "question",
    send: "question",
    emoji: "❓",
    aliases: ["?"],
    added: "Questioned",
    removed: "a question mark",
  },
];

/** `associated_message_type` of a sticker that is put on a message (protocol reference 7.2). */
export const stickerType = 2007;

/** Finds a tapback by name, alias or emoji, as RPC `reaction` takes it; lower case and trimmed first. */
export function tapbackKind(name: string): Kind | undefined {
  const wanted = name.trim().toLowerCase();
  return tapbackKinds.find(
    (kind) => kind.send === wanted || kind.emoji === wanted || kind.aliases.includes(wanted),
  );
}

/** A tapback of somebody on a message. */
export interface Reaction {
  chat: ChatRow;
  from: Actor;
  target: Target;
  /** A name, an alias or an emoji; an emoji beyond the six is a custom tapback. */
  kind: string;
  remove?: boolean;
  /** Part of the message, 0 for its text. */
  part?: number;
  at?: number;
}

/** Puts a tapback on a message, or takes it off: a row of its own either way. @throws `TAPBACK_UNKNOWN` */
export function react(world: World, reaction: Reaction): Written {
  const kind = tapbackKind(reaction.kind);
  const isSticker = reaction.kind === "sticker";
  if (
    kind === undefined &&
    !isSticker &&
    !/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(reaction.kind)
  )
    throw new TapbackError("TAPBACK_UNKNOWN", `"${reaction.kind}" is not a tapback`, {
      hint: "Use love, like, dislike, laugh, emphasize, question, sticker, or any emoji.",
    });
  const { target, remove = false } = reaction;
  const quoted = `“${target.text.replaceAll("\ufffc", "")}”`;
  const text = isSticker
    ? `${remove ? "Removed a sticker from" : "Reacted with a sticker to"} ${quoted}`
    : kind === undefined
      ? remove
        ? `Removed a ${reaction.kind} from ${quoted}`
        : `Reacted ${reaction.kind} to ${quoted}`
      : remove
        ? `Removed ${kind.removed} from ${quoted}`
        : `${kind.added} ${quoted}`;
  // Link balloons are targeted whole (protocol reference 8.2).
  const prefix = target.balloon === undefined ? `p:${reaction.part ?? 0}/` : "bp:";
  const part = partsOf(target.text, filesOf(world, target).length)[reaction.part ?? 0];
  return world.write(() => {
    const message = messageColumnsOf(world, reaction);
    const stored = world
      .sql("SELECT message_summary_info AS summary FROM message WHERE ROWID = ?")
      .get(target.id);
    world
      .sql("UPDATE message SET message_summary_info = ? WHERE ROWID = ?")
      .run(targetSummary(stored?.summary), target.id);
    return insertMessage(world, {
      ...message,
      text,
      columns: {
        ...message.columns,
        associated_message_guid: prefix + target.guid,
        associated_message_type: (kind?.code ?? (isSticker ? stickerType : 2006)) + (remove ? 1000 : 0),
        associated_message_emoji: kind === undefined && !isSticker ? reaction.kind : null,
        associated_message_range_location: part?.start ?? 0,
        associated_message_range_length: part?.length ?? target.text.length,
        message_summary_info: tapbackSummary(target.text),
      },
    });
  });
}
