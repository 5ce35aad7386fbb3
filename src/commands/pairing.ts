import { TapbackError } from "../platform/index.js";
import { approveRequest } from "./approval/approve.js";
import { denyRequest } from "./approval/deny.js";
import { firstOwnerIn } from "./approval/first-owner.js";
import { findRequest } from "./approval/request.js";
import type { CommandContext, TypedCommand } from "./contract.js";

const usage = "/pairing list|approve <code>|deny <code>";

/** `/pairing`: an owner lets people in from the chat. */
export const pairingCommand: TypedCommand = {
  name: "pairing",
  usage,
  summary: "who asks to be let in, and their answer",
  quick: false,
  who: "owners",
  async run(context) {
    const [verb = "list", ...rest] = context.words.split(/\s+/).filter((word) => word !== "");
    if (verb === "list") return { toOwner: await list(context) };
    if ((verb !== "approve" && verb !== "deny") || rest.length === 0) return `Usage: ${usage}`;
    return { toOwner: await settle(context, verb, rest.join("")) };
  },
};

async function list({ store, entry, clock }: CommandContext): Promise<string> {
  const pending = await store.pairing.pending(clock.now(), entry.account);
  if (pending.length === 0) return "Nobody is waiting.";
  return pending
    .map(({ code, handle, name, text }) => `${code}  ${name ? `${name} ` : ""}${handle}: ${text}`)
    .join("\n");
}

async function settle(
  { store, entry, clock, config, log }: CommandContext,
  verb: "approve" | "deny",
  typed: string,
): Promise<string> {
  const at = clock.now();
  try {
    const request = await findRequest(store, typed, at, entry.account);
    if (verb === "deny") return await denyRequest(store, request);
    const firstOwner = firstOwnerIn(config, request.account);
    const { report, warning } = await approveRequest(store, request, { at, config, firstOwner });
    if (warning) log.warn(warning, { account: entry.account });
    return report.join("\n");
  } catch (error) {
    // A code that is unknown, used or expired is told; other troubles are for the log.
    if (error instanceof TapbackError && unsettled.has(error.code)) return `${sentence(error.message)}.`;
    throw error;
  }
}

const unsettled = new Set<string>(["PAIRING_CODE_UNKNOWN", "PAIRING_CODE_USED", "PAIRING_CODE_EXPIRED"]);

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
