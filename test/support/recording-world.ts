import type { Envelope } from "../../src/conversation/index.js";
import { type MessagesWorld, type MessagesWorldOptions, messagesWorld } from "../../src/testing/index.js";

const open: MessagesWorld[] = [];

/** Ends the worlds of a test. */
export async function closeWorlds(): Promise<void> {
  for (const world of open.splice(0)) await world.close();
}

/**
 * A world of the oldest imsg. Its agent keeps what it is asked, and does as the first word says: `wait 9` takes milliseconds,
 * `flood 9` answers with so many lines, everything else is answered at once.
 * @param imessage fields of `channels.imessage` @param rest other blocks of the configuration
 */
export async function recordingWorld(
  imessage: object = {},
  rest: object = {},
  { mac, before }: Pick<MessagesWorldOptions, "mac" | "before"> = {},
): Promise<{ world: MessagesWorld; envelopes: Envelope[] }> {
  const envelopes: Envelope[] = [];
  const world = await messagesWorld({
    agents: {
      main: async (turn) => {
        envelopes.push(turn.envelope);
        const [word, count] = turn.text.split(/\s+/);
        if (word === "wait") await turn.sleep(Number(count));
        if (word !== "flood") return `re: ${turn.text}`;
        const lines = Array.from({ length: Number(count) }, (_, i) => `line ${String(i).padStart(4, "0")}`);
        return lines.join("\n");
      },
    },
    config: { channels: { imessage }, ...rest },
    mac: { version: "0.9.0", bridge: false, sip: "enabled", ...mac },
    ...(before && { before }),
  });
  open.push(world);
  return { world, envelopes };
}

/** What stands in a conversation from the gateway, oldest first. */
export function textsTo({ received }: { received: readonly { text: string }[] }): string[] {
  return received.map(({ text }) => text);
}
