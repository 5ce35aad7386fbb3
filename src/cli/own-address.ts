import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { findOwnAddress } from "../bridge/index.js";
import { type Account, accountFile } from "../config/index.js";
import { askGateway } from "../control/index.js";
import { normalizeHandle } from "../conversation/index.js";
import { macOf } from "../gateway/index.js";
import { makeFolder, writeFileAtomic } from "../platform/index.js";
import type { Store } from "../store/index.js";
import { answered } from "./asking.js";
import type { Context } from "./context.js";

/** Of each question to the Mac, milliseconds: nobody waits long for it. */
const questionMs = 4000;
/** The gateway asks two after the other; the rest is the way. */
const answerMs = 2 * questionMs + 2000;

/**
 * Finds the address that people write to (behaviour 3.6): the journal knows it where somebody wrote; else the running gateway is
 * asked, for macOS may let it read what it keeps from this terminal; else the Mac, from here; else the person, once.
 * @param mayAsk whether a person can be asked
 * @returns undefined where nobody tells
 */
export async function ownAddress(
  account: Account,
  { store, context, mayAsk }: { store: Store; context: Context; mayAsk: boolean },
): Promise<string | undefined> {
  const [known] = await store.journal.ownAddresses(account.id);
  if (known !== undefined) return known;
  const found =
    (await fromGateway(context.stateDir, account.id)) ??
    (await findOwnAddress(macOf(account, context.home), questionMs));
  if (found !== undefined) return found;
  const file = accountFile(context.stateDir, "address", account.id);
  return typedBefore(file) ?? (mayAsk ? await askPerson(account, file) : undefined);
}

/** @returns undefined also where no gateway runs, or one that cannot tell */
async function fromGateway(stateDir: string, account: string): Promise<string | undefined> {
  try {
    const asked = await askGateway(stateDir, "self.address", { account, timeoutMs: questionMs }, answerMs);
    return asked?.result.address ?? undefined;
  } catch {
    return undefined;
  }
}

/** What a person typed serves to show people where to write, and nothing else: no gate trusts it. */
function typedBefore(file: string): string | undefined {
  try {
    const { address } = JSON.parse(readFileSync(file, "utf8")) as { address?: unknown };
    return typeof address === "string" ? address : undefined;
  } catch {
    return undefined;
  }
}

async function askPerson({ region }: Account, file: string): Promise<string | undefined> {
  const { text } = await import("@clack/prompts");
  const typed = answered(
    await text({
      message:
        "Which number or address is Messages on the Mac signed in with? (Messages > Settings > iMessage)",
      placeholder: "Enter: go on without",
      validate: (value) =>
        !value?.trim() || isAddress(normalizeHandle(value, region))
          ? undefined
          : "A number, e.g. +15550100123, or an e-mail address",
    }),
  );
  if (!typed?.trim()) return undefined;
  const address = normalizeHandle(typed, region);
  makeFolder(dirname(file));
  writeFileAtomic(file, `${JSON.stringify({ address })}\n`);
  return address;
}

function isAddress(handle: string): boolean {
  return /^\+\d{7,15}$|^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(handle);
}
