import { defaultAccountId } from "../../config/index.js";
import { gateway } from "../commands/gateway.js";
import { pair } from "../commands/pair.js";
import { type Context, readConfig } from "../context.js";
import { printLine } from "../output.js";
import { createState } from "../state.js";
import { tellFirst } from "./tell-first.js";

/**
 * Shows the phrase that makes its writer the owner (behaviour 3.6), runs the gateway, and tells when the person was let in
 * and when the first message was answered.
 * @returns the exit code of the gateway, which runs until it is stopped
 */
export async function firstMessage(context: Context): Promise<number> {
  await pair(context, { owner: true, qr: true, wait: false, starts: true });
  const { config } = await readConfig(context);
  const store = await createState(context);
  const over = new AbortController();
  // With `--json` what was written is the one value; the gateway's log is where a person reads on.
  const say = context.json ? (line: string) => void process.stderr.write(`${line}\n`) : printLine;
  const told = tellFirst(store, defaultAccountId(config), { say, signal: over.signal });
  try {
    return await gateway(context);
  } finally {
    over.abort();
    await told;
    await store.close();
  }
}
