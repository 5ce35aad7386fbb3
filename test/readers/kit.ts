import { within } from "./comparison.js";
import { type Fields, senderOf, tapbackNames } from "./fields.js";
import type { Said } from "./rich-world.js";

/** What the kit gives of a message, as far as it is compared. */
export interface KitMessage {
  rowId: number;
  id: string;
  text: string | null;
  createdAt: string;
  isFromMe: boolean;
  participant: string | null;
  chatId: string;
  chatKind: string;
  service: string;
  kind: string;
  newGroupName: string | null;
  affectedParticipant: string | null;
  threadRootMessageId: string | null;
  sendEffect: string | null;
  appBundleId: string | null;
  editedAt: string | null;
  retractedAt: string | null;
  hasAttachments: boolean;
  reaction: {
    kind: string;
    targetMessageId: string;
    emoji: string | null;
    isRemoved: boolean;
  } | null;
  attachments: {
    fileName: string;
    sizeBytes: number;
    mimeType: string;
    uti: string;
    transferStatus: string;
    createdAt: string;
  }[];
}

const kinds = {
  rename: "nameChanged",
  add: "memberAdded",
  remove: "memberRemoved",
  leave: "groupAction",
};

/** Each field as it was said, and as the kit read it. */
export function fieldsOfKit(said: Said, message: KitMessage): Fields {
  const time = (value: string | null) => (value === null ? null : Date.parse(value));
  const { reaction } = message;
  return {
    rowId: [said.id, message.rowId],
    text: [said.text, message.text],
    at: within(said.at, Date.parse(message.createdAt)),
    fromMe: [said.from === "me", message.isFromMe],
    sender: [senderOf(said), message.participant],
    chat: [said.chatGuid, message.chatId],
    chatKind: [said.isGroup ? "group" : "dm", message.chatKind],
    service: [said.service, message.service],
    kind: [said.system === undefined ? "text" : kinds[said.system.type], message.kind],
    title: [said.system?.title ?? null, message.newGroupName],
    person: [said.system?.person ?? null, message.affectedParticipant],
    thread: [said.thread ?? null, message.threadRootMessageId],
    effect: [said.effect ?? null, message.sendEffect],
    balloon: [said.balloon ?? null, message.appBundleId],
    edited: [said.unsentAt ?? said.edits?.at ?? null, time(message.editedAt)],
    unsent: [said.unsentAt ?? null, time(message.retractedAt)],
    tapback: [
      tapbackOf(said),
      reaction && {
        kind: reaction.kind,
        targetMessageId: reaction.targetMessageId,
        emoji: reaction.emoji,
        isRemoved: reaction.isRemoved,
      },
    ],
    files: [
      said.files.map(({ name, bytes, mime, uti }) => ({ name, bytes, mime, uti, arrived: "complete" })),
      message.attachments.map(({ fileName, sizeBytes, mimeType, uti, transferStatus }) => ({
        name: fileName,
        bytes: sizeBytes,
        mime: mimeType,
        uti,
        arrived: transferStatus,
      })),
    ],
    hasFiles: [said.files.length > 0, message.hasAttachments],
    filesAt: [
      said.files.map(() => Math.round(said.at[0] / 1000)),
      message.attachments.map(({ createdAt }) => Math.round(Date.parse(createdAt) / 1000)),
    ],
  };
}

function tapbackOf({ tapback, vote }: Said) {
  if (vote !== undefined)
    return { kind: "pollVote", targetMessageId: vote.poll, emoji: null, isRemoved: false };
  if (tapback === undefined) return null;
  const { type, target, emoji = null, removed } = tapback;
  return { kind: tapbackNames[type % 1000], targetMessageId: `p:0/${target}`, emoji, isRemoved: removed };
}
