import { sleep } from "../../../platform/index.js";
import { Helper } from "../../helper/helper.js";
import { chatById } from "../../messages-app/chats.js";
import { react, tapbackKind } from "../../messages-app/tapback.js";
import { findMessage } from "../../messages-app/threads.js";
import { statusObject } from "../../reading/status.js";
import { passBridge } from "../../rpc/bridge-gate.js";
import { invalidParams } from "../../rpc/errors.js";
import { localCall } from "../../rpc/local-call.js";
import { lookUpHandle, read, typing } from "../../rpc/methods/presence.js";
import { type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { chatOf, fromOption } from "../people.js";
import { targetOf } from "./sending.js";
import { durationMs } from "./watch.js";

const peerOptions: Option[] = [
  { name: "to", value: "handle", help: "Phone number or email" },
  { name: "chat-id", value: "id", help: "Chat rowid", integer: true },
  { name: "chat-identifier", value: "id", help: "Chat identifier" },
  { name: "chat-guid", value: "guid", help: "Chat GUID" },
];

const status: Command = {
  kind: "imsg",
  withoutDatabase: true,
  summary: "Show which features are available",
  options: [],
  examples: ["imsg status --json"],
  run: ({ place, print }) => {
    const object = statusObject(place);
    print(
      object,
      `imsg ${object.version}\nBridge: ${object.v2_ready ? "ready" : "not ready"}\n${object.message}`,
    );
  },
};

const launch: Command = {
  kind: "imsg",
  withoutDatabase: true,
  summary: "Start Messages with the bridge helper",
  options: [
    { name: "dylib", value: "path", help: "The helper" },
    { name: "kill-only", help: "Only end Messages" },
    { name: "install-agent", help: "Launch it again whenever it dies", since: "0.19.1" },
  ],
  examples: ["imsg launch", "imsg launch --install-agent", "imsg launch --kill-only"],
  run: ({ given, place, print, write, json }) => {
    const { sip } = place.settings();
    if (given.has("kill-only")) {
      new Helper(place).die();
      place.change((settings) => ({ ...settings, bridge: false }));
      print({ status: "killed", message: "Messages.app terminated" }, "Messages.app terminated");
      return 0;
    }
    if (sip !== "disabled") {
      const error = sip === "enabled" ? "sip_enabled" : "sip_unknown";
      const message =
        sip === "enabled" ? "System Integrity Protection (SIP) is enabled" : "SIP status is unknown";
      if (json) print({ status: "error", error, message });
      write(`${message}. Disable it first: imsg-sim world set sip disabled\n`);
      return 1;
    }
    new Helper(place).empty();
    // An upgrade of imsg is complete with a new helper (protocol reference 21).
    place.change((settings) => ({ ...settings, bridge: true, helperVersion: "" }));
    place.faults.clear("bridge-lost");
    place.events.add({ at: place.host.clock.now(), event: "launched", by: "launch" });
    const dylib = given.text("dylib") ?? "/opt/homebrew/lib/imsg-bridge-helper.dylib";
    print(
      { status: "launched", dylib, message: "Messages.app launched with the helper" },
      "Messages.app launched",
    );
    return 0;
  },
};

const readCommand: Command = {
  kind: "bridge",
  summary: "Mark a chat as read",
  escapesSlashes: false,
  options: [...peerOptions, { name: "handle", value: "handle", help: "The same as --to" }],
  examples: ["imsg read --to +15550100123"],
  run: async (context) => {
    const { given, world, print } = context;
    const to = given.text("to") ?? given.text("handle");
    const chat = await read(localCall(world, "read", { ...targetOf(context), to }));
    print({ success: true, handle: to ?? chat.identifier, marked_as_read: true }, "marked as read");
  },
};

const typingCommand: Command = {
  kind: "bridge",
  summary: "Show the typing bubble",
  escapesSlashes: false,
  options: [
    ...peerOptions,
    { name: "duration", value: "time", help: "For so long, for example 5s" },
    { name: "stop", value: "true", help: "Hide it" },
    { name: "service", value: "service", help: "imessage, sms or auto" },
    { ...fromOption, help: "imsg-sim: the person who types, instead of the account" },
    { name: "chat", value: "chat", help: "imsg-sim: where the person types" },
  ],
  examples: ["imsg typing --to +15550100123 --duration 5s", "imsg-sim typing --from +15550100123"],
  run: async (context) => {
    const { given, world, print } = context;
    const stop = given.text("stop") === "true";
    const from = given.text("from");
    if (from !== undefined) {
      const event = stop ? "stopped-typing" : "started-typing";
      const { guid } = chatOf(world, given, from);
      world.events.add({ at: world.now(), event, chatGuid: guid, from });
      print({ event, chat_guid: guid }, event);
      return;
    }
    const set = (on: boolean) => typing(localCall(world, "typing", { ...targetOf(context), typing: on }));
    await set(!stop);
    const duration = given.text("duration");
    if (stop || duration === undefined)
      return print({ status: stop ? "stopped" : "started" }, stop ? "stopped" : "started");
    const ms = durationMs(duration, "duration");
    await sleep(ms);
    await set(false);
    print({ status: "completed", duration_s: (ms / 1000).toFixed(1) }, "completed");
  },
};

const reactCommand: Command = {
  kind: "imsg",
  summary: "React to the last incoming message of a chat",
  options: [
    { name: "chat-id", value: "id", help: "Chat rowid", integer: true, required: true },
    {
      name: "reaction",
      value: "kind",
      help: "love, like, dislike, laugh, emphasis or question",
      short: "r",
      required: true,
    },
  ],
  examples: ["imsg react --chat-id 1 --reaction love"],
  run: ({ given, world, print }) => {
    const kind = tapbackKind(given.text("reaction")!);
    if (kind === undefined) throw new UsageError("Invalid value for option: --reaction");
    const id = given.integer("chat-id")!;
    const chat = chatById(world, id);
    if (chat === undefined) throw new UsageError(`Chat not found: ${id}`);
    const row = world
      .sql(
        `SELECT m.guid FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID WHERE j.chat_id = ? AND m.is_from_me = 0
         AND m.associated_message_type = 0 AND m.item_type = 0 ORDER BY j.message_date DESC, m.ROWID DESC LIMIT 1`,
      )
      .get(id);
    if (row === undefined) throw invalidParams(`chat ${id} has no incoming message`);
    react(world, { chat, from: "me", target: findMessage(world, String(row.guid)), kind: kind.send });
    print({ success: true, chat_id: id, reaction_type: kind.read, reaction_emoji: kind.emoji }, "reacted");
  },
};

const local: Option = { name: "local", help: "Without the bridge", since: "0.11.0" };
const addressOption: Option = {
  name: "address",
  value: "handle",
  help: "Phone number or email",
  required: true,
};

async function pass({ given, world }: Context, name: string, action: string): Promise<void> {
  if (!given.has("local")) await passBridge(localCall(world, name, {}), action, true);
}

const account: Command = {
  kind: "bridge",
  summary: "Show the account",
  options: [local],
  examples: ["imsg account --json"],
  run: async (context) => {
    await pass(context, "account", "get-account-info");
    const { me } = context.world.settings();
    const login = `${me[0]?.includes("@") ? "E" : "P"}:${me[0]}`;
    context.print({ vetted_aliases: me, login, service: "iMessage" }, me.join("\n"));
  },
};

const whois: Command = {
  kind: "bridge",
  summary: "Check whether an address is on iMessage",
  options: [addressOption, { name: "type", value: "type", help: "phone or email" }, local],
  examples: ["imsg whois --address +15550100123 --json"],
  run: async (context) => {
    const { given, world, print } = context;
    const params = { address: given.text("address"), alias_type: given.text("type") };
    await pass(context, "whois", "check-imessage-availability");
    const found = lookUpHandle(localCall(world, "whois", params));
    print(found, found.available ? "available" : "not available");
  },
};

const nickname: Command = {
  kind: "bridge",
  summary: "Show the name that someone shares",
  options: [addressOption, local],
  examples: ["imsg nickname --address +15550100123 --json"],
  run: async (context) => {
    await pass(context, "nickname", "get-nickname-info");
    const address = context.given.text("address")!;
    const name = context.world.settings().names[address];
    const more = name === undefined ? {} : { description: name };
    context.print({ address, has_nickname: name !== undefined, ...more }, name ?? "none");
  },
};

export const stateCommands: Record<string, Command> = {
  status,
  launch,
  read: readCommand,
  typing: typingCommand,
  react: reactCommand,
  account,
  whois,
  nickname,
};
