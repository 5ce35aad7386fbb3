import type { Draft, DraftWords } from "../drafts.js";
import type { NewOutboxItem } from "../outbox.js";
import { notApproved } from "../rows/draft.js";
import { formOf, toItem } from "../rows/item.js";
import { insertOutbox } from "./insert-outbox.js";
import type { Base } from "./statements.js";

/** An owner said yes: the parts wait to be sent, and their time begins now (behaviour 18.1). */
export function releaseParts({ sql }: Base, draft: string, at: number): void {
  sql(
    "UPDATE outbox SET state = 'pending', created_at = ?, due_at = ? WHERE draft = ? AND state = 'held'",
  ).run(at, at, draft);
}

/** Ends what is held of a draft as not sent. @returns how many parts */
export function endParts({ sql }: Base, draft: string, error: string, at: number): number {
  const { changes } = sql(
    "UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE draft = ? AND state = 'held'",
  ).run(at, error, draft);
  return Number(changes);
}

/** The texts of a draft, in their order. */
export function textsOf({ sql }: Base, draft: string): string[] {
  return sql("SELECT text FROM outbox WHERE draft = ? AND state = 'held' AND text IS NOT NULL ORDER BY id")
    .all(draft)
    .map(({ text }) => String(text));
}

type Home = Pick<NewOutboxItem, "target" | "chatKey" | "origin" | "chatGuid">;

/**
 * Gives the texts of a draft other words, each in the place of one; what is more follows behind all of it. Files and actions
 * stay.
 */
export function rewordParts(
  base: Base,
  { id, account, ...home }: Pick<Draft, "id" | "account" | "target" | "chatKey">,
  words: readonly DraftWords[],
  at: number,
): void {
  const { sql } = base;
  const parts = sql("SELECT * FROM outbox WHERE draft = ? AND state = 'held' ORDER BY id")
    .all(id)
    .map(toItem);
  const texts = parts.filter(({ text }) => text !== undefined);
  for (const [index, part] of texts.entries()) {
    const said = words[index];
    if (said === undefined) {
      sql("UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE id = ?").run(
        at,
        notApproved("an owner gave the draft other words"),
        part.id,
      );
      continue;
    }
    const { runs: _, ...plain } = part;
    sql("UPDATE outbox SET text = ?, form = ? WHERE id = ?").run(
      said.text,
      formOf({ ...plain, ...said }),
      part.id,
    );
  }
  // One that was left without parts goes where it was for.
  const { target, chatKey, origin, chatGuid }: Home = parts[0] ?? { ...home, origin: "turn" };
  for (const said of words.slice(texts.length))
    insertOutbox(
      base,
      account,
      { target, chatKey, origin, ...(chatGuid && { chatGuid }), draft: id, ...said },
      at,
    );
}
