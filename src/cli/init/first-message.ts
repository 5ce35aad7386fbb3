import { defaultAccountId } from "../../config/index.js";
import { sleep } from "../../platform/index.js";
import type { Store } from "../../store/index.js";
import { gateway } from "../commands/gateway.js";
import { pair } from "../commands/pair.js";
import { type Context, readConfig } from "../context.js";
import { printLine, styled } from "../output.js";
import { createState } from "../state.js";

/** How often the state is looked at, milliseconds. */
const lookMs = 300;
/** Sends among which the first answer is looked for. */
const newest = 20;

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
  const told = tell(store, defaultAccountId(config), { say, signal: over.signal });
  try {
    return await gateway(context);
  } finally {
    over.abort();
    await told;
    await store.close();
  }
}

async function tell(
  store: Store,
  account: string,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const until = async <T>(find: () => Promise<T | undefined>): Promise<T | undefined> => {
    for (;;) {
      const found = signal.aborted ? undefined : await find().catch(() => undefined);
      if (found !== undefined || !(await sleep(lookMs, signal))) return found;
    }
  };
  const owner = await until(async () => {
    const last = await store.enrolment.last(account);
    return last?.state === "used" ? last.handle : undefined;
  });
  if (owner === undefined) return;
  say(`${styled("green", "Let in")} ${owner}, as the owner. Now write what you like: your first message.`);
  const answered = await until(async () => {
    const sends = await store.outbox.list({ limit: newest });
    return sends.find(
      ({ turnId, state }) => turnId !== undefined && (state === "stored" || state === "delivered"),
    );
  });
  if (answered === undefined) return;
  // At once: who reads the first line may end the gateway.
  say(
    `${styled("green", "Answered")} your first message. Ctrl-C ends the gateway;\n\`tapback service install\` keeps it running.`,
  );
}
