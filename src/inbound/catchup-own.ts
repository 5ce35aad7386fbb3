import type { MessageRow } from "../conversation/index.js";
import { areJournaled, type CatchUpRows } from "./catchup-pass.js";
import { type Slice, type Span, slicesOf } from "./catchup-slices.js";
import type { InboundDeps } from "./intake-deps.js";

/** What journals rows, and how long the agent keeps quiet, milliseconds; 0: never. */
type OwnRowsDeps = Pick<InboundDeps, "store" | "claim"> & {
  settings: { quietMs: number };
  rows: Pick<CatchUpRows, "take">;
};

/** What a pass knows of the rows that its own side wrote. */
interface OwnRowsParts {
  /** Which rows are the pass's. */
  isPass: (row: MessageRow) => boolean;
  /** What was sent before is in the journal already, milliseconds since the epoch. */
  knownUntil: number;
  /** @returns undefined when stopped meanwhile */
  fetch(slice: Slice): Promise<MessageRow[] | undefined>;
  /** Keeps that what was sent before is in the journal. */
  remember(until: number): Promise<void>;
}

/**
 * Where a pass reads in slices, what the account's human wrote lately is journaled before the first of them is decided (behaviour
 * 10.4): the agent keeps quiet from when it was written, whatever is read first. A slice at a time too: a start that is killed in
 * the middle has got on.
 * @returns false when stopped meanwhile
 */
export async function takeOwn(span: Span, deps: OwnRowsDeps, parts: OwnRowsParts): Promise<boolean> {
  const { since, to, sliceMs } = span;
  const from = Math.max(since, to - deps.settings.quietMs, Math.min(to, parts.knownUntil));
  // Of one slice own rows come first anyway.
  if (from === to || since + sliceMs >= to) return true;
  for (const slice of slicesOf(from, to, sliceMs)) {
    const read = await parts.fetch(slice);
    if (read === undefined) return false;
    const own = read.filter((row) => row.fromMe && parts.isPass(row));
    if (own.length > 0) await deps.rows.take(own);
    if (await areJournaled(own, deps)) await parts.remember(slice.until ?? to);
  }
  return true;
}
