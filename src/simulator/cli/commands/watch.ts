import { bridgeEvent } from "../../reading/bridge-events.js";
import type { MessageObject } from "../../reading/messages.js";
import { localCall } from "../../rpc/local-call.js";
import { MessageWatch } from "../../rpc/message-watch.js";
import { filterOf } from "../../rpc/methods/reading.js";
import { maxRowId } from "../../rpc/newest-row.js";
import type { World } from "../../world/world.js";
import { type Given, UsageError } from "../argv.js";
import type { Command } from "../command.js";
import { messageLines, tapbackLine } from "../message-lines.js";
import { filterOptions } from "./reading.js";

const watch: Command = {
  kind: "imsg",
  summary: "Stream new messages",
  escapesSlashes: true,
  options: [
    { name: "chat-id", value: "id", help: "Only this chat", integer: true },
    { name: "since-rowid", value: "id", help: "Start after this row", integer: true },
    { name: "debounce", value: "duration", help: "Wait after a change, for example 250ms" },
    { name: "reactions", help: "Include tapbacks" },
    { name: "bb-events", help: "Include typing events of the bridge" },
    ...filterOptions,
  ],
  examples: ["imsg watch --json", "imsg watch --chat-id 1 --since-rowid 100 --reactions"],
  run: ({ given, world, print, json }) => {
    const call = localCall(world, "watch", {
      participants: given.many("participants"),
      start: given.text("start"),
      end: given.text("end"),
    });
    const messages = new MessageWatch(world, call.chats, call.links, {
      chatId: given.integer("chat-id"),
      sinceRowId: given.integer("since-rowid") || maxRowId(world) || -1,
      filter: filterOf(call),
      detail: {
        attachments: json || given.has("attachments"),
        convert: given.has("convert-attachments"),
        reactions: json,
      },
      includeTapbacks: given.has("reactions"),
      liveAfter: maxRowId(world),
      emit: (message) => print(message, json ? undefined : textOf(world, message, given)),
    });
    let { next } = world.events.after(-1);
    const poll = () => {
      messages.poll();
      if (!given.has("bb-events")) return messages.holdsForMs;
      const news = world.events.after(next);
      next = news.next;
      for (const event of news.entries.map(bridgeEvent))
        if (event !== undefined) print({ kind: "bridge-event", ...event });
      return messages.holdsForMs;
    };
    const debounceMs = durationMs(given.text("debounce") ?? "250ms");
    const { watchPollMs: pollMs } = world.settings();
    return call.subscriptions.untilFailed(world, { debounceMs, pollMs, poll });
  },
};

function textOf(world: World, message: MessageObject, given: Given): string {
  return message.reaction_type === undefined ? messageLines(world, message, given) : tapbackLine(message);
}

/** `250ms`, `5s` or seconds. @returns milliseconds @throws UsageError */
export function durationMs(text: string, option = "debounce"): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  if (number === undefined) throw new UsageError(`Invalid value for option: --${option}`);
  return Number(number) * ({ ms: 1, s: 1000, m: 60_000 }[unit ?? "s"] ?? 1);
}

export const watchCommands: Record<string, Command> = { watch };
