import { describe, expect, it } from "vitest";
import { PlayedImsg, toldStatus } from "../../../test/support/played-imsg.js";
import { ok } from "../../platform/index.js";
import { type CallPath, callBridge } from "./bridge-call.js";
import { CapabilityCache } from "./capability-cache.js";
import { commandLine } from "./command-forms.js";
import { fault } from "./faults.js";
import { type ImsgStatus, parseRpcStatus } from "./status.js";

const chat = (id: number, guid: string, change: object = {}) => ({
  ...{ id, guid, identifier: guid.split(";").at(-1), name: "", service: guid.split(";")[0] },
  ...{ participants: [guid.split(";").at(-1)], is_group: guid.includes(";+;") },
  ...change,
});

describe("a method that a build has as a command alone", () => {
  const quote = (text: string) => `<${text}>`;

  it.each([
    [
      "tapback",
      { message_id: "M", reaction: "love", remove: true },
      ["tapback", "--chat", "<G>", "--message", "<M>", "--kind", "<love>", "--remove"],
    ],
    [
      "tapback",
      { message_id: "M", reaction: "love" },
      ["tapback", "--chat", "<G>", "--message", "<M>", "--kind", "<love>"],
    ],
    [
      "message.edit",
      { message_id: "M", text: "t" },
      ["edit", "--chat", "<G>", "--message", "<M>", "--new-text", "<t>"],
    ],
    ["message.unsend", { message_id: "M" }, ["unsend", "--chat", "<G>", "--message", "<M>"]],
    ["group.rename", { name: "n" }, ["chat-name", "--chat", "<G>", "--name", "<n>"]],
    ["group.setIcon", { file: "/f" }, ["chat-photo", "--chat", "<G>", "--file", "</f>"]],
    ["group.addParticipant", { address: "a" }, ["chat-add-member", "--chat", "<G>", "--address", "<a>"]],
    [
      "group.removeParticipant",
      { address: "a" },
      ["chat-remove-member", "--chat", "<G>", "--address", "<a>"],
    ],
    ["group.leave", {}, ["chat-leave", "--chat", "<G>"]],
    [
      "send.rich",
      { text: "t", effect: "e", reply_to: "r" },
      ["send-rich", "--chat", "<G>", "--text", "<t>", "--effect", "<e>", "--reply-to", "<r>", "--no-dd-scan"],
    ],
    [
      "send.attachment",
      { file: "/f", reply_to: "r", audio: true },
      ["send-attachment", "--chat", "<G>", "--file", "</f>", "--reply-to", "<r>", "--audio"],
    ],
  ] as const)("%s %j", (method, given, line) => {
    expect(commandLine(method, { chat_guid: "G", ...given }, undefined, quote)).toEqual([...line, "--json"]);
    expect(commandLine(method, { chat_guid: "G", ...given }, "~/db", quote)).toEqual([
      ...line,
      "--db",
      "~/db",
      "--json",
    ]);
    expect(commandLine(method, { chat_id: 7, ...given }, undefined, quote)).toBeUndefined();
  });

  it("is none where there is no command", () => {
    expect(commandLine("poll.send", { chat_guid: "G" }, undefined, quote)).toBeUndefined();
  });

  /** An old imsg, whose commands print so. @param listing what asking for its chats fails of */
  async function old(stdout: string, code = 0, stderr = "", listing?: Error) {
    const imsg = new PlayedImsg();
    const told = (parseRpcStatus(toldStatus({ methods: [] })) as { value: ImsgStatus }).value;
    let probes = 0;
    const cache = new CapabilityCache(
      async () => {
        probes += 1;
        return ok(told);
      },
      () => 0,
    );
    await cache.probe();
    const start: typeof imsg.start = (args, cliPath) => {
      const started = imsg.start(args, cliPath);
      const { child } = imsg;
      child.obeys = false;
      setImmediate(() => {
        child.stdout.emit("data", Buffer.from(stdout));
        child.stderr.emit("data", Buffer.from(stderr));
        child.exit(code);
      });
      return started;
    };
    const path = {
      call: async () => {
        if (listing) throw listing;
        return { chats: [chat(7, "iMessage;-;+15550100123")] };
      },
      command: { cliPath: "imsg", start },
      cache,
    } as unknown as CallPath;
    const edit = (key: object) =>
      callBridge(path, cache.known!, "message.edit", { ...key, message_id: "M", text: "t" } as never);
    return { imsg, edit, probes: () => probes };
  }

  it("names its chat by the GUID that the list has for it", async () => {
    const { imsg, edit } = await old('note\n{"success":true,"messageGuid":"G1"}\n');
    expect(await edit({ chat_id: 7 })).toEqual({ ok: true, guid: "G1" });
    expect(imsg.child.args).toEqual([
      ...["edit", "--chat", "iMessage;-;+15550100123", "--message", "M", "--new-text", "t", "--json"],
    ]);
    await expect(edit({ chat_id: 8 })).rejects.toMatchObject({ code: "CHAT_NOT_FOUND" });
  });

  it.each([
    ['{"success":false,"error":"message not found"}', 0, "", "MESSAGE_NOT_FOUND"],
    ["", 1, "message not found", "MESSAGE_NOT_FOUND"],
    ["not json", 1, "", "IMSG_INTERNAL", "imsg edit ended with 1"],
    ["7", 0, "", undefined],
    ["", 0, "only a warning", undefined],
    ['{"success":false}', 0, " some words \n", "IMSG_INTERNAL", "some words"],
    ['{"success":false}', 0, "", "IMSG_INTERNAL", "imsg edit ended with 0"],
  ])("fails as it says: %j %d %j", async (stdout, code, stderr, wanted, words = "") => {
    const { edit, probes } = await old(stdout, code, stderr);
    if (wanted === undefined) return expect(await edit({ chat_guid: "G" })).toEqual({ ok: true });
    const failure = await edit({ chat_guid: "G" }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: wanted, message: expect.stringContaining(words) });
    expect(probes()).toBe(1);
  });

  it("surely did not happen where its chat could not be asked for", async () => {
    const { imsg, edit } = await old("", 0, "", fault("REQUEST_TIMEOUT"));
    await expect(edit({ chat_id: 7 })).rejects.toMatchObject({
      code: "REQUEST_TIMEOUT",
      disposition: "not_sent",
      retryable: true,
    });
    expect(imsg.children).toEqual([]);
  });

  it("makes what is known doubtful where that was wrong", async () => {
    const { edit, probes } = await old("", 1, "bridge not ready");
    await expect(edit({ chat_guid: "G" })).rejects.toMatchObject({ code: "BRIDGE_UNAVAILABLE" });
    expect(probes()).toBe(2);
  });
});
