import { describe, expect, it } from "vitest";
import { chat, wire } from "../../../test/support/bridge-lab.js";
import { PlayedImsg, rpcFailure } from "../../../test/support/played-imsg.js";
import { ImsgMac } from "./mac.js";

/** A Mac whose imsg prints so for each command line; over RPC it answers as `imsg.answers` has it. */
function played(prints: Record<string, [stdout: string, code: number]>) {
  const imsg = new PlayedImsg();
  const start: typeof imsg.start = (args, cliPath) => {
    const started = imsg.start(args, cliPath);
    const { child } = imsg;
    const said = prints[args.join(" ")];
    if (said === undefined) return started;
    child.obeys = false;
    child.say(said[0]);
    setImmediate(() => child.exit(said[1]));
    return started;
  };
  const mac = new ImsgMac({ cliPath: "imsg", start });
  const probed = async () => {
    const { parts, ...found } = await mac.probe(60_000);
    return {
      ...found,
      parts: parts.map(({ part, ok, error, detail }) => [part, ok, error?.code ?? detail]),
    };
  };
  return { imsg, mac, probed };
}

const status = { version: "0.9.0", advanced_features: true, v2_ready: true };
const works: Record<string, [string, number]> = {
  "--version": ["imsg 0.9.0", 0],
  "rpc --help": ["help", 0],
  "status --json": [JSON.stringify(status), 0],
};

describe("a look at a Mac from outside", () => {
  it("finds every part of the way, and what the Mac can do", async () => {
    const { imsg, probed } = played(works);
    expect(await probed()).toMatchObject({
      version: "0.9.0",
      features: { privateApi: { available: true } },
      parts: [
        ["child", true, "imsg 0.9.0"],
        ["rpc", true, "RPC is supported"],
        ["database", true, "the Messages database is readable"],
      ],
    });
    expect(imsg.asked("chats.list")).toEqual([{ limit: 1 }]);
    expect(imsg.children.every(({ exitCode }) => exitCode === 0)).toBe(true);
  });

  it("tells each part that is broken, and nothing that was not told", async () => {
    const { imsg, probed } = played({
      "--version": ["no idea", 0],
      "rpc --help": ["Error: Unknown command 'rpc'", 0],
      "status --json": ["", 64],
    });
    imsg.answers["chats.list"] = () => {
      throw rpcFailure("authorization denied");
    };
    const found = await probed();
    expect(found.parts).toEqual([
      ["child", false, "IMSG_RPC_UNSUPPORTED"],
      ["rpc", false, "IMSG_RPC_UNSUPPORTED"],
      ["database", false, "PERMISSION_FULL_DISK_ACCESS"],
    ]);
    expect(Object.keys(found)).toEqual(["parts"]);
    expect(imsg.children.filter(({ exitCode }) => exitCode === null)).toEqual([]);
  });

  it("takes a program that answers something else for started", async () => {
    const { probed } = played({ ...works, "--version": ["no idea", 0] });
    const found = await probed();
    expect(found.parts.slice(0, 2)).toEqual([
      ["child", true, "PROTOCOL"],
      ["rpc", true, "RPC is supported"],
    ]);
    expect(found).not.toHaveProperty("version");
  });

  it("reads chats and what was said, without what does not fit, and ends the child, also after a failure", async () => {
    const { imsg, mac } = played({});
    imsg.answers["chats.list"] = () => ({ chats: [chat(1), { id: "odd" }, chat(2)] });
    imsg.answers["messages.history"] = () => ({ messages: [wire(5), 7] });
    const found = await mac.look(async (reader) => ({
      chats: (await reader.chats(3)).map(({ id }) => id),
      history: (await reader.history({ chatId: 1, limit: 9 })).map(({ rowId }) => rowId),
    }));
    expect(found).toEqual({ chats: [1, 2], history: [5] });
    expect(imsg.asked("chats.list")).toEqual([{ limit: 3 }]);
    await expect(mac.look(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(imsg.children.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  });

  it("makes a bridge that has the machine's time where no other is given", () => {
    const { mac } = played({});
    const bridge = mac.bridge({
      events: { row: () => {}, malformed: () => {}, state: () => {} },
      subscription: { resumeFrom: async () => 1, debounceMs: 1 },
    } as never);
    expect(bridge.health()).toMatchObject({ restarts: 0, malformed: 0 });
  });
});
