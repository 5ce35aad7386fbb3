import { describe, expect, it } from "vitest";
import { PlayedImsg } from "../../../test/support/played-imsg.js";
import { probe } from "./probe.js";

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
