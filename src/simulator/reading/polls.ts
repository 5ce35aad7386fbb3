import { join } from "node:path";
import { JsonFile } from "../world/json-file.js";
import type { Place } from "../world/place.js";
import type { World } from "../world/world.js";

/** The balloon of Apple's polls (protocol reference 4.7). */
export const pollBalloon =
  "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:com.apple.messages.Polls";

/** What a poll row or a vote row carries. Messages keeps it in a keyed archive, the simulator in `polls.json`. */
export interface PollFile {
  polls: Record<string, { question: string; options: { id: string; text: string }[]; creator: string }>;
  /** By GUID of the vote row. */
  votes: Record<string, Vote>;
}

interface Vote {
  /** GUID of the poll's message. */
  poll: string;
  voter: string;
  /** Ids of all that the voter has chosen by then, the newest last. */
  chosen: string[];
  change: "selected" | "removed";
  /** The id of what was chosen or taken back by it; absent in a world of an earlier version. */
  option?: string;
}

/** The polls of a world, empty before the first. */
export function pollFile(place: Place): JsonFile<PollFile> {
  return new JsonFile(join(place.folder, "polls.json"), { polls: {}, votes: {} }, place.host);
}

/** The `poll` of a message (protocol reference 4.5); undefined when it is none. */
export function pollOf(
  world: World,
  message: { guid: string; balloon: string | undefined; associatedType: number },
): Record<string, unknown> | undefined {
  if (message.balloon !== pollBalloon && message.associatedType !== 4000) return undefined;
  const { polls, votes } = pollFile(world).read();
  const metadata = message.balloon === undefined ? {} : { bundle_id: message.balloon };
  const created = polls[message.guid];
  if (created !== undefined)
    return {
      kind: "created",
      event: "imessage.poll.created",
      poll_guid: message.guid,
      question: created.question,
      options: created.options,
      creator: created.creator,
      participants: [created.creator],
      metadata,
    };
  const vote = votes[message.guid];
  if (vote === undefined)
    return { kind: "unknown", event: "imessage.poll.unknown", poll_guid: message.guid, metadata };
  // What the voter took back is what the snapshot has no longer: all that it has is chosen.
  const all = vote.chosen.map((id) => {
    const text = textOf(polls[vote.poll], id);
    return {
      option_id: id,
      ...(text === undefined ? {} : { option_text: text }),
      participant: vote.voter,
      event_type: "selected",
    };
  });
  return {
    kind: "vote",
    event: "imessage.poll.voted",
    poll_guid: vote.poll,
    original_guid: vote.poll,
    ...(all.length === 0 ? {} : { vote: all[0], votes: all }),
    participants: [vote.voter],
    metadata: { associated_message_type: 4000 },
  };
}

/** What a vote row did: the option that it chose or took back; undefined for a row that is no vote. */
export function voteOf(world: World, guid: string): { option: string; takenBack: boolean } | undefined {
  const { polls, votes } = pollFile(world).read();
  const vote = votes[guid];
  const id = vote?.option ?? vote?.chosen.at(-1);
  if (vote === undefined || id === undefined) return undefined;
  return { option: textOf(polls[vote.poll], id) ?? id, takenBack: vote.change === "removed" };
}

function textOf(poll: PollFile["polls"][string] | undefined, option: string): string | undefined {
  return poll?.options.find(({ id }) => id === option)?.text;
}
