// Starts the model server of the benchmarks, and the settings that make the built-in agent use it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "./gateway.mjs";

export async function startModels() {
  const child = spawn(process.execPath, [join(root, "bench/lib/model-server.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const address = `http://127.0.0.1:${String(line).trim()}`;
  return {
    address,
    settings: {
      agents: { list: [{ id: "main", runtime: { type: "llm", model: "bench/m" } }] },
      models: { providers: { bench: { baseUrl: `${address}/v1` } } },
    },
    figures: async () => (await fetch(address)).json(),
    stop: () => child.kill(),
  };
}
