import { serveProcess } from "../../rpc/process.js";
import type { Command } from "../command.js";

export const rpcCommands: Record<string, Command> = {
  rpc: {
    kind: "imsg",
    summary: "Run JSON-RPC over stdin/stdout",
    options: [],
    examples: ["imsg rpc", "imsg rpc --db ~/Library/Messages/chat.db"],
    run: ({ given }) => {
      const db = given.text("db");
      return serveProcess(db === undefined ? {} : { db });
    },
  },
};
