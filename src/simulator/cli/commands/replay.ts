import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Replay } from "../../rpc/replay.js";
import type { Command } from "../command.js";

export const replayCommands: Record<string, Command> = {
  replay: {
    kind: "world",
    summary: "Run JSON-RPC over stdin/stdout as it was recorded by `tapback doctor --live --record`",
    options: [{ name: "file", value: "path", help: "The recording", required: true }],
    examples: ["imsg-sim replay --file tapback-live.jsonl"],
    run: async ({ given, write }) => {
      const replay = new Replay(readFileSync(given.text("file")!, "utf8"));
      for await (const line of createInterface({ input: process.stdin }))
        for (const said of replay.answer(line)) write(`${said}\n`);
    },
  },
};
