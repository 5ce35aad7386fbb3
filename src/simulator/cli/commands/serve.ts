import type { Command } from "../command.js";

const serve: Command = {
  kind: "world",
  summary: "Serve worlds with a gateway over stdio, for tests in any language",
  options: [],
  examples: ["imsg-sim serve", `echo '{"jsonrpc":"2.0","id":1,"method":"world.faults"}' | imsg-sim serve`],
  run: ({ serveWorlds }) => serveWorlds(),
};

/** The kit for tests, driven from another process (behaviour 22.1). */
export const serveCommands = { serve };
