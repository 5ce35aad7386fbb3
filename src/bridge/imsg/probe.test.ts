import { describe, expect, it } from "vitest";
import { PlayedImsg } from "../../../test/support/played-imsg.js";
import { probe, probeVersion } from "./probe.js";

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

  it.each<[string, number, string, RegExp]>([
    ["", 64, "IMSG_EXIT", /: 64$/],
    ["first\nlast\n \n", 64, "IMSG_EXIT", /: last$/],
    // What is far from the end explains nothing.
    [`unknown command rpc\n${"x\n".repeat(19)}`, 1, "IMSG_RPC_UNSUPPORTED", /./],
    [`unknown command rpc\n${"x\n".repeat(20)}`, 1, "IMSG_EXIT", /: x$/],
    ["zsh: command not found", 127, "IMSG_NOT_FOUND", /./],
    ["imsg", 0, "PROTOCOL", /printed no version/],
  ])("says of a program that prints %j and ends with %d: %s", async (stdout, code, wanted, message) => {
    const imsg = new PlayedImsg();
    const start: typeof imsg.start = (args, cliPath) => {
      const started = imsg.start(args, cliPath);
      imsg.child.obeys = false;
      imsg.child.say(stdout);
      setImmediate(() => imsg.child.exit(code));
      return started;
    };
    const version = await probeVersion({ cliPath: "imsg", start }, 1000);
    expect(version).toMatchObject({ ok: false, error: { code: wanted } });
    if (!version.ok) expect(version.error.message).toMatch(message);
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
