import { sleep } from "../../platform/index.js";
import type { OutboxItem, Store } from "../../store/index.js";
import { styled } from "../output.js";

/** How often the state is looked at, milliseconds. */
const lookMs = 300;
/** Sends among which the first answer is looked for. */
const newest = 20;

/** What is looked at of the state. */
export interface FirstLook {
  enrolment: Pick<Store["enrolment"], "last">;
  outbox: Pick<Store["outbox"], "list">;
}

/**
 * Tells when the person of the newest phrase was let in, and when an answer went out after that (behaviour 6.7a). What an earlier
 * gateway sent is none.
 * @param telling.signal aborts when the gateway has ended
 */
export async function tellFirst(
  store: FirstLook,
  account: string,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const until = async <T>(find: () => Promise<T | undefined>): Promise<T | undefined> => {
    for (;;) {
      const found = signal.aborted ? undefined : await find().catch(() => undefined);
      if (found !== undefined || !(await sleep(lookMs, signal))) return found;
    }
  };
  const before = await until(async () => (await store.outbox.list({ account, limit: 1 }))[0]?.id ?? 0);
  if (before === undefined) return;
  const owner = await until(async () => {
    const last = await store.enrolment.last(account);
    return last?.state === "used" ? last.handle : undefined;
  });
  if (owner === undefined) return;
  say(`${styled("green", "Let in")} ${owner}, as the owner. Now write what you like: your first message.`);
  const answered = await until(async () => {
    const sends = await store.outbox.list({ account, limit: newest });
    return sends.find((item) => item.id > before && isAnswer(item));
  });
  if (answered === undefined) return;
  // At once: who reads the first line may end the gateway.
  say(
    `${styled("green", "Answered")} your first message. Ctrl-C ends the gateway;\n\`tapback service install\` keeps it running.`,
  );
}

function isAnswer({ turnId, state }: OutboxItem): boolean {
  return turnId !== undefined && (state === "stored" || state === "delivered");
}
