import type { CallPath } from "../../src/bridge/imsg/bridge-call.js";
import { CapabilityCache } from "../../src/bridge/imsg/capability-cache.js";
import { rpcError } from "../../src/bridge/imsg/rpc-error.js";
import { type ImsgStatus, parseRpcStatus } from "../../src/bridge/imsg/status.js";
import { ok } from "../../src/platform/index.js";
import { type Answer, toldStatus } from "./played-imsg.js";

/** The way to an imsg that answers so, and what it was asked. */
export async function pathTo(
  answers: Record<string, Answer>,
  told: Parameters<typeof toldStatus>[0] = {},
  now = () => 0,
) {
  const asked: [string, object][] = [];
  let probes = 0;
  const status = parseRpcStatus(toldStatus(told));
  const cache = new CapabilityCache(async () => {
    probes++;
    return ok((status as { value: ImsgStatus }).value);
  }, now);
  await cache.probe();
  const path: CallPath = {
    call: async (method, params) => {
      // As it goes over the wire.
      const sent = JSON.parse(JSON.stringify(params)) as Record<string, unknown>;
      asked.push([method, sent]);
      try {
        return (answers[method] ?? (() => ({ ok: true })))(sent, undefined as never) as never;
      } catch (error) {
        throw error instanceof Error ? error : rpcError(error);
      }
    },
    command: { cliPath: "imsg" },
    cache,
  };
  return { path, asked, probes: () => probes };
}
