import { readPairingCode } from "../access/index.js";
import type { ChatCommand, CommandContext } from "./contract.js";

const usage = "/pairing list|approve <code>|deny <code>";

/** `/pairing`: an owner lets people in from the chat. */
export const pairingCommand: ChatCommand = {
  name: "pairing",
  usage,
  summary: "who asks to be let in, and their answer",
  ownerOnly: true,
  async run(context) {
    const [verb = "list", ...rest] = context.words.split(/\s+/).filter((word) => word !== "");
    if (verb === "list") return list(context);
    if (verb !== "approve" && verb !== "deny") return `Usage: ${usage}`;
    return settle(context, verb, rest.join(""));
  },
};

function list({ store, entry, clock }: CommandContext): string {
  const pending = store.pairing.pending(clock.now(), entry.account);
  if (pending.length === 0) return "Nobody is waiting.";
  return pending
    .map(({ code, handle, name, text }) => `${code}  ${name ? `${name} ` : ""}${handle}: ${text}`)
    .join("\n");
}

async function settle(
  { store, entry, clock }: CommandContext,
  verb: "approve" | "deny",
  typed: string,
): Promise<string> {
  const code = readPairingCode(typed);
  const request = store.pairing
    .pending(clock.now(), entry.account)
    .find((candidate) => candidate.code === code);
  if (!request) return `No request with the code ${typed} is pending.`;
  if (verb === "deny") await store.pairing.deny(request);
  else await store.pairing.approve(request, clock.now(), { owner: false, replay: false });
  return `${verb === "deny" ? "Denied" : "Approved"} ${request.name ?? request.handle}.`;
}
