import { randomUUID } from "node:crypto";
import { TapbackError } from "../../platform/index.js";
import { type PollFile, pollBalloon, pollFile } from "../reading/polls.js";
import type { World } from "../world/world.js";
import { messageColumnsOf } from "./act.js";
import { type ChatRow, chatById } from "./chats.js";
import { type Actor, replyColumns } from "./deliver.js";
import { insertMessage, newGuid, type Written } from "./insert.js";
import { pollPayload, votePayload } from "./payload.js";
import { findMessage } from "./threads.js";

type Poll = PollFile["polls"][string];

/**
 * Asks a question with options, in the thread of `replyTo` when given. What the row carries is written before the row, so
 * that no reader sees it without.
 */
export function createPoll(
  world: World,
  act: { chat: ChatRow; from: Actor },
  question: string,
  options: string[],
  replyTo?: string,
): Written & { poll: Poll } {
  const guid = newGuid();
  const poll: Poll = {
    question,
    options: options.map((text) => ({ id: randomUUID().toUpperCase(), text })),
    creator: voterOf(world, act.from),
  };
  pollFile(world).change((file) => ({ ...file, polls: { ...file.polls, [guid]: poll } }));
  const written = world.write(() => {
    const message = messageColumnsOf(world, act);
    return insertMessage(world, {
      ...message,
      guid,
      text: null,
      columns: {
        ...message.columns,
        ...replyColumns(world, { replyTo }),
        balloon_bundle_id: pollBalloon,
        payload_data: pollPayload(guid, poll),
      },
    });
  });
  return { ...written, poll };
}

/** @returns the poll, or undefined when there is none of that GUID */
export function pollNamed(world: World, guid: string): Poll | undefined {
  return pollFile(world).read().polls[guid];
}

/** Chooses an option, or takes the choice back; the row is a snapshot of all that the voter has chosen. */
export function vote(
  world: World,
  act: { chat: ChatRow; from: Actor },
  poll: string,
  option: string,
  remove = false,
): Written & { remaining: string[] } {
  const guid = newGuid();
  const voter = voterOf(world, act.from);
  let chosen: string[] = [];
  pollFile(world).change((file) => {
    const before = Object.values(file.votes).findLast(
      (entry) => entry.poll === poll && entry.voter === voter,
    );
    const others = (before?.chosen ?? []).filter((id) => id !== option);
    chosen = remove ? others : [...others, option];
    const change = remove ? "removed" : "selected";
    return { ...file, votes: { ...file.votes, [guid]: { poll, voter, chosen, change, option } } };
  });
  const written = world.write(() => {
    const message = messageColumnsOf(world, act);
    return insertMessage(world, {
      ...message,
      guid,
      text: null,
      columns: {
        ...message.columns,
        associated_message_guid: poll,
        associated_message_type: 4000,
        payload_data: votePayload(poll, voter, chosen),
      },
    });
  });
  return { ...written, remaining: chosen };
}

/** The chat of a poll, and the option that is named by id or text. @throws `MESSAGE_NOT_FOUND`, `POLL_NOT_FOUND`, `OPTION_NOT_FOUND` */
export function pollOption(world: World, poll: string, option: string): { chat: ChatRow; option: string } {
  const chat = chatById(world, findMessage(world, poll).chatIds[0] ?? 0);
  const known = pollNamed(world, poll)?.options;
  if (chat === undefined || known === undefined)
    throw new TapbackError("POLL_NOT_FOUND", `Message ${poll} is no poll`, {
      hint: "Give the GUID of the poll's own message.",
    });
  const chosen = known.find(({ id, text }) => id === option || text === option);
  if (chosen !== undefined) return { chat, option: chosen.id };
  throw new TapbackError("OPTION_NOT_FOUND", `"${option}" is no option of that poll`, {
    hint: `Use one of: ${known.map(({ text }) => text).join(", ")}.`,
  });
}

function voterOf(world: World, from: Actor): string {
  return from === "me" ? (world.settings().me[0] ?? "") : from.handle;
}
