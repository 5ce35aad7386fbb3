import type { Clock } from "../../platform/index.js";
import type { MacEvent } from "../contract.js";
import { BridgeError } from "../error.js";
import type { ImsgClient } from "./client.js";

/** After the events of a child ended, or could not be had, they are asked for again after so long, milliseconds. */
const againMs = 60_000;

/**
 * Hears what the helper in Messages tells (protocol reference 22), as long as the child lives: asks again where the events
 * end or are not there, for the helper comes and goes with Messages.
 * @param told takes each event; never rejects
 */
export async function hearMac(
  client: ImsgClient,
  clock: Clock,
  told: (event: MacEvent) => void,
): Promise<void> {
  const over = new AbortController();
  void client.closed.then(() => over.abort());
  do {
    try {
      await client.hear((event) => {
        const known = macEvent(event);
        if (known) told(known);
      });
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      if (error.code === "METHOD_NOT_FOUND") return;
    }
    told({ kind: "events-ended" });
  } while (await clock.sleep(againMs, over.signal));
}

/** @returns undefined for what means nothing here */
function macEvent(value: unknown): MacEvent | undefined {
  const { event, data } = (value ?? {}) as { event?: unknown; data?: { chatGuid?: unknown } };
  if (event === "aliases-removed") return { kind: "addresses-lost" };
  if (event !== "started-typing" && event !== "stopped-typing") return undefined;
  const chatGuid = data?.chatGuid;
  return typeof chatGuid === "string"
    ? { kind: "typing", chatGuid, on: event === "started-typing" }
    : undefined;
}
