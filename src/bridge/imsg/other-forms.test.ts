import { describe, expect, it } from "vitest";
import { PlayedImsg, rpcFailure, toldStatus } from "../../../test/support/played-imsg.js";
import type { Target } from "../../conversation/index.js";
import { ok } from "../../platform/index.js";
import { hopFault } from "../ssh/hop-fault.js";
import { fileMeaning, hopMeaning, saysNoSsh } from "../ssh/hop-text.js";
import { copyFormOf, isFetchable, isPlain, quotedFor } from "../ssh/remote-path.js";
import { Slots } from "../ssh/slots.js";
import { type CallPath, callBridge } from "./bridge-call.js";
import { CapabilityCache } from "./capability-cache.js";
import { commandLine } from "./command-forms.js";
import { exitReason, saysRpcUnknown, spawnReason } from "./exit-reason.js";
import { otherNameOf } from "./other-name.js";
import { parseAttachments } from "./parse-attachment.js";
import { parseChat } from "./parse-chat.js";
import { probe } from "./probe.js";
import { sendWithExtras } from "./rich-send.js";
import { rpcError } from "./rpc-error.js";
import { type ImsgStatus, parseRpcStatus } from "./status.js";

const chat = (id: number, guid: string, change: object = {}) => ({
  ...{ id, guid, identifier: guid.split(";").at(-1), name: "", service: guid.split(";")[0] },
  ...{ participants: [guid.split(";").at(-1)], is_group: guid.includes(";+;") },
  ...change,
});

describe("another name of a conversation that Messages did not find (protocol reference 18)", () => {
  const chats = [
    chat(1, "iMessage;-;+15550100123"),
    chat(2, "SMS;-;+15550100456"),
    chat(3, "any;+;chat99"),
    chat(4, "iMessage;+;chat98"),
    chat(5, "any;-;kim@example.com", { service: "iMessage" }),
    chat(6, "RCS;-;+15550100789"),
    chat(7, "iMessage;-;urn:biz:x"),
    { id: "odd" },
  ];
  const path = { call: async () => ({ chats }) } as unknown as CallPath;
  const person = (handle: string, service: "auto" | "imessage" | "sms"): Target => ({
    kind: "handle",
    handle,
    service,
  });

  it.each<[Target, Target | undefined]>([
    [{ kind: "chat_id", chatId: 1 }, person("+15550100123", "imessage")],
    [{ kind: "chat_id", chatId: 2 }, person("+15550100456", "sms")],
    [{ kind: "chat_guid", guid: "any;-;kim@example.com" }, person("kim@example.com", "imessage")],
    [{ kind: "chat_identifier", identifier: "+15550100456" }, person("+15550100456", "sms")],
    [
      { kind: "chat_id", chatId: 3 },
      { kind: "chat_guid", guid: "iMessage;+;chat99" },
    ],
    [
      { kind: "chat_id", chatId: 4 },
      { kind: "chat_guid", guid: "any;+;chat98" },
    ],
    [{ kind: "chat_id", chatId: 6 }, undefined],
    [{ kind: "chat_id", chatId: 7 }, undefined],
    [{ kind: "chat_id", chatId: 99 }, undefined],
    [person("+15550100123", "auto"), { kind: "chat_guid", guid: "iMessage;-;+15550100123" }],
    [person("+15550100456", "sms"), { kind: "chat_guid", guid: "SMS;-;+15550100456" }],
    [person("+15550100456", "imessage"), undefined],
    [person("+15550100999", "auto"), undefined],
  ])("%j is %j", async (target, wanted) => {
    expect(await otherNameOf(path, target)).toEqual(wanted);
  });

  it("is tried once, for a message that surely was not taken", async () => {
    const asked: object[] = [];
    const trying = (message: string) =>
      ({
        cache: { known: undefined, look: () => undefined },
        call: async (method: string, params: Record<string, unknown>) => {
          if (method === "chats.list") return { chats };
          asked.push(JSON.parse(JSON.stringify(params)));
          if ("chat_id" in params) throw rpcError(rpcFailure(message));
          return { ok: true, id: 9 };
        },
      }) as unknown as CallPath;
    const request = { target: { kind: "chat_id" as const, chatId: 1 }, text: "a" };
    expect(await sendWithExtras(trying("Chat not found"), request)).toEqual(ok({ rowId: 9 }));
    expect(asked).toEqual([
      { chat_id: 1, text: "a" },
      { to: "+15550100123", service: "imessage", text: "a" },
    ]);
    asked.length = 0;
    const other = await sendWithExtras(trying("AppleEvent timed out. (-1712)"), request);
    expect(other).toMatchObject({ ok: false, error: { code: "MESSAGES_TIMEOUT" } });
    expect(asked).toHaveLength(1);
  });
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

  /** An old imsg, whose commands print so. */
  async function old(stdout: string, code = 0, stderr = "") {
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
      call: async () => ({ chats: [chat(7, "iMessage;-;+15550100123")] }),
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
    ["not json", 1, "", "IMSG_INTERNAL"],
  ])("fails as it says: %j %d %j", async (stdout, code, stderr, wanted) => {
    const { edit } = await old(stdout, code, stderr);
    await expect(edit({ chat_guid: "G" })).rejects.toMatchObject({ code: wanted });
  });

  it("makes what is known doubtful where that was wrong", async () => {
    const { edit, probes } = await old("", 1, "bridge not ready");
    await expect(edit({ chat_guid: "G" })).rejects.toMatchObject({ code: "BRIDGE_UNAVAILABLE" });
    expect(probes()).toBe(2);
  });
});

describe("a probe", () => {
  const probed = async (says: (args: readonly string[]) => [string, number] | Error) => {
    const imsg = new PlayedImsg();
    const start: typeof imsg.start = (args, cliPath) => {
      const said = says(args);
      if (said instanceof Error) throw said;
      const started = imsg.start(args, cliPath);
      const { child } = imsg;
      child.obeys = false;
      setImmediate(() => {
        child.stdout.emit("data", Buffer.from(said[0]));
        child.exit(said[1]);
      });
      return started;
    };
    const { version, rpc, status } = await probe({ cliPath: "imsg", start }, 1000);
    const short = (part: { ok: boolean; value?: unknown; error?: { code: string } }) =>
      part.ok ? part.value : part.error!.code;
    return {
      version: short(version),
      rpc: short(rpc),
      status: status.ok ? status.value.version : status.error.code,
      runs: imsg.children.map(({ args }) => args.join(" ")),
    };
  };

  it("finds out the version, whether it speaks RPC, and what it can do", async () => {
    const told = JSON.stringify({ version: "0.9.0", advanced_features: true, v2_ready: true });
    const found = await probed(([first]) => [
      first === "status" ? `hello\n${told}\n` : "imsg 0.9.0-beta (x)",
      0,
    ]);
    expect(found).toEqual({
      ...{ version: "0.9.0-beta", rpc: true, status: "0.9.0" },
      runs: ["--version", "rpc --help", "status --json"],
    });
  });

  it("asks nothing more of what cannot be started", async () => {
    const missing = Object.assign(new Error("no"), { code: "ENOENT" });
    expect(await probed(() => missing)).toMatchObject({
      ...{ version: "IMSG_NOT_FOUND", rpc: "IMSG_NOT_FOUND", status: "IMSG_NOT_FOUND", runs: [] },
    });
  });

  it("knows a build that is too old", async () => {
    const found = await probed(([first]) =>
      first === "rpc" ? ["Error: Unknown command 'rpc'", 0] : ["no idea", first === "status" ? 64 : 0],
    );
    expect(found).toMatchObject({
      version: "IMSG_RPC_UNSUPPORTED",
      rpc: "IMSG_RPC_UNSUPPORTED",
      status: "IMSG_EXIT",
    });
  });
});

describe("why a program did not run", () => {
  it.each([
    ["ENOENT", "IMSG_NOT_FOUND"],
    ["ENOTDIR", "IMSG_NOT_FOUND"],
    ["EACCES", "IMSG_NOT_EXECUTABLE"],
    ["ENOEXEC", "IMSG_NOT_EXECUTABLE"],
    ["EISDIR", "IMSG_NOT_EXECUTABLE"],
    ["EMFILE", "IMSG_SPAWN_FAILED"],
  ])("%s is %s", (code, wanted) => {
    expect(spawnReason(Object.assign(new Error("no"), { code })).code).toBe(wanted);
  });

  it.each<[number | null, string | null, string[], string]>([
    [1, null, ["Error: unknown subcommand 'rpc'"], "IMSG_RPC_UNSUPPORTED"],
    [1, null, ["Error: unknown command 'send'"], "CHILD_EXITED"],
    [255, null, ["ssh: connect to host mac port 22: Connection refused"], "SSH_REFUSED"],
    [255, null, ["something"], "REMOTE_UNREACHABLE"],
    [1, null, ["authorization denied"], "PERMISSION_FULL_DISK_ACCESS"],
    [0, null, ["authorization denied"], "CHILD_EXITED"],
    [127, null, ["sh: ssh: not found"], "SSH_NOT_FOUND"],
    [127, null, ["sh: imsg: not found"], "IMSG_NOT_FOUND"],
    [126, null, [], "IMSG_NOT_EXECUTABLE"],
    [null, "SIGKILL", [], "CHILD_EXITED"],
  ])("exit %s %s %j is %s, of unknown outcome", (code, signal, words, wanted) => {
    const reason = exitReason(code, signal, words);
    expect(reason).toMatchObject({ code: wanted, disposition: "unknown" });
  });

  it("says how it ended", () => {
    expect(exitReason(null, "SIGKILL", []).message).toContain("signal SIGKILL");
    expect(exitReason(3, null, ["first", "last"]).message).toContain("exit code 3: last");
    expect(saysRpcUnknown("Unknown command: rpc")).toBe(true);
    expect(saysRpcUnknown("Unknown command: send")).toBe(false);
  });
});

describe("what is read of a chat", () => {
  it("is all that is told, each once", () => {
    const wire = {
      ...chat(7, "iMessage;-;+15550100123", { name: "Mia", last_message_at: "1970-01-01T00:00:05Z" }),
      ...{ account_login: "E:me@example.com", last_addressed_handle: "+15550100999" },
    };
    expect(parseChat(wire)).toEqual(
      ok({
        ...{ id: 7, guid: "iMessage;-;+15550100123", identifier: "+15550100123", name: "Mia" },
        ...{ participants: ["+15550100123"], isGroup: false, service: "iMessage", lastMessageAt: 5000 },
        ownAddresses: ["me@example.com", "+15550100999"],
      }),
    );
    expect(parseChat({ id: 7 })).toEqual(
      ok({
        id: 7,
        guid: "",
        identifier: "",
        name: "",
        participants: [],
        isGroup: false,
        service: undefined,
        lastMessageAt: undefined,
      }),
    );
    // Without a word about it, the names tell a group.
    expect(parseChat({ id: 7, guid: "iMessage;+;chat1" })).toMatchObject({ value: { isGroup: true } });
    expect(parseChat({ id: 7, identifier: "iMessage;+;chat1" })).toMatchObject({ value: { isGroup: true } });
    expect(parseChat({ id: 7, guid: "iMessage;+;chat1", is_group: false })).toMatchObject({
      value: { isGroup: false },
    });
  });

  it.each([null, [], {}, { id: -1 }, { id: 1, name: 7 }, { id: 1, participants: [7] }])(
    "%j does not fit",
    (wire) => {
      expect(parseChat(wire)).toMatchObject({
        ok: false,
        error: { detail: expect.stringMatching(/^chat: /) },
      });
    },
  );

  it("is a file where somebody sent one", () => {
    const wire = {
      original_path: "/a/b.caf",
      transfer_name: "",
      filename: "~/x/c.caf",
      uti: "u",
      mime_type: "m",
      total_bytes: -5,
    };
    expect(parseAttachments([{ ...wire, converted_path: "/c.m4a" }])).toEqual([
      {
        ...{
          path: "/a/b.caf",
          name: "c.caf",
          mimeType: "m",
          uti: "u",
          bytes: 0,
          missing: false,
          isSticker: false,
        },
        converted: { path: "/c.m4a", mimeType: "" },
      },
    ]);
    expect(parseAttachments([{}])).toMatchObject([{ path: "", name: "", bytes: 0, missing: true }]);
    expect(parseAttachments([{ missing: false, is_sticker: true, total_bytes: "5" }])).toMatchObject([
      { missing: false, isSticker: true, bytes: 0 },
    ]);
    const plugin = "x.pluginPayloadAttachment";
    const uti = "com.apple.messages.PluginPayloadAttachment";
    for (const odd of [{ original_path: plugin }, { filename: plugin }, { transfer_name: plugin }, { uti }])
      expect(parseAttachments([odd])).toEqual([]);
    for (const none of [undefined, null]) expect(parseAttachments(none)).toEqual([]);
    expect(() => parseAttachments({})).toThrow("attachments is not a list");
  });
});

describe("a Mac elsewhere", () => {
  it.each([
    ["Host key verification failed.", "SSH_HOST_KEY_UNKNOWN"],
    [
      "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
      "SSH_HOST_KEY_CHANGED",
    ],
    ["ssh: Could not resolve hostname mac", "SSH_HOST_UNKNOWN"],
    ["connect to host mac port 22: Connection refused", "SSH_REFUSED"],
    ["me@mac: Permission denied (publickey).", "SSH_LOGIN_REFUSED"],
    ["client_loop: send disconnect: Broken pipe", "SSH_DROPPED"],
    ["connect to host mac port 22: Operation timed out", "SSH_TIMEOUT"],
    ["permission denied", undefined],
  ])("says of its connection: %j", (text, wanted) => {
    expect(hopMeaning(text)).toBe(wanted);
  });

  it("tells a connection that failed from what failed over it", () => {
    const code = (run: Parameters<typeof hopFault>[0]) => {
      const fault = hopFault(run);
      return typeof fault === "string" ? fault : fault.code;
    };
    expect(code({ state: "timeout" })).toBe("SSH_TIMEOUT");
    expect(code({ state: "aborted" })).toBe("REMOTE_COPY_STOPPED");
    expect(code({ state: "failed", error: Object.assign(new Error("x"), { code: "ENOENT" }) })).toBe(
      "SSH_NOT_FOUND",
    );
    expect(code({ state: "failed", error: new Error("x") })).toBe("REMOTE_UNREACHABLE");
    const ended = (stderr: string) => code({ state: "ended", exitCode: 1, stdout: "", stderr });
    expect(ended("connection refused")).toBe("SSH_REFUSED");
    expect(ended("first\nscp: no such file\n")).toBe("scp: no such file");
    expect(ended("")).toBe("exit code 1");
  });

  it.each([
    ["scp: /a: No such file or directory", "REMOTE_FILE_MISSING"],
    ["scp: /a: Permission denied", "REMOTE_FILE_UNREADABLE"],
    ["scp: /a: not a regular file", "REMOTE_PATH_REFUSED"],
    ["scp: lost", "REMOTE_COPY_FAILED"],
  ])("says of a file: %j", (text, wanted) => {
    expect(fileMeaning(text)).toBe(wanted);
  });

  it("is asked for one plain path, written so that it names one file", () => {
    for (const path of ["/a/b", "/a b/ü.jpg", `/${"x".repeat(1023)}`])
      expect(isFetchable(path), path).toBe(true);
    for (const path of ["a", "/a/", "/a/../b", "/./a", "/a\nb", "/a\u007f", `/${"x".repeat(1024)}`])
      expect(isFetchable(path), path).toBe(false);
    expect(isPlain("/a/b-c_d.e@f%g+h=i:j,k")).toBe(true);
    expect(isPlain("/a b")).toBe(false);
    expect(quotedFor("sftp", "/a b*?[x]\\")).toBe("/a b\\*\\?\\[x\\]\\\\");
    expect(quotedFor("shell", "/a b$ü")).toBe("/a\\ b\\$ü");
    expect(quotedFor("shell", "/plain")).toBe("/plain");
    expect(
      ["OpenSSH_9.0p1", "OpenSSH_8.7", "OpenSSH_8.6", "OpenSSH_7.9", "Dropbear", "OpenSSH_10.0"].map(
        copyFormOf,
      ),
    ).toEqual([...["sftp", "sftp-asked", "shell", "shell", "sftp", "sftp"]]);
    expect(["zsh: command not found: ssh", "sh: ssh: not found", "ssh: no such file"].every(saysNoSsh)).toBe(
      true,
    );
    expect(saysNoSsh("imsg: not found")).toBe(false);
  });

  it("is asked for so much at once, who comes first first, and who leaves gives up the place", async () => {
    const slots = new Slots(1);
    const never = new AbortController().signal;
    const begun: string[] = [];
    const go = new Map<string, () => void>();
    const work = (name: string, signal = never) =>
      slots.within(signal, () => {
        begun.push(name);
        return new Promise<string>((resolve) => go.set(name, () => resolve(name)));
      });
    const leaving = new AbortController();
    const [first, left, third] = [work("a"), work("b", leaving.signal), work("c")];
    await Promise.resolve();
    expect(begun).toEqual(["a"]);
    leaving.abort();
    expect(await left).toBeUndefined();
    expect(await work("d", leaving.signal)).toBeUndefined();
    go.get("a")!();
    expect(await first).toBe("a");
    await Promise.resolve();
    expect(begun).toEqual(["a", "c"]);
    go.get("c")!();
    expect(await third).toBe("c");
    await expect(slots.within(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.within(never, async () => "free")).toBe("free");
  });
});
