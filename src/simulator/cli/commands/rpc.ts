import type { Command } from "../command.js";

export const rpcCommands: Record<string, Command> = {
  rpc: {
    kind: "imsg",
    summary: "Run JSON-RPC over stdin/stdout",
    options: [],
    examples: ["imsg rpc", "imsg rpc --db ~/Library/Messages/chat.db"],
    // Listed for its help; the program serves RPC before it loads any command.
    run: () => {},
  },
};
