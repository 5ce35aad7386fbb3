import type { Draft, DraftWords } from "../drafts.js";
import type { NewOutboxItem } from "../outbox.js";
import { notApproved } from "../rows/draft.js";
import { formOf, toItem } from "../rows/item.js";
import { insertAll } from "./insert-outbox.js";
import type { Tx } from "./statements.js";
import { jsonText } from "./words.js";

/** An owner said yes: the parts wait to be sent, and their time begins now (behaviour 18.1). */
export async function releaseParts({ sql }: Tx, draft: string, at: number): Promise<void> {
  await sql(
    "UPDATE outbox SET state = 'pending', created_at = ?1, due_at = ?1 WHERE draft = ?2 AND state = 'held'",
  ).run(at, draft);
}

/** Ends what is held of a draft as not sent. @returns how many parts */
export function endParts({ sql }: Tx, draft: string, error: string, at: number): Promise<number> {
  return sql(
    "UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE draft = ? AND state = 'held'",
  ).run(at, jsonText(error), draft);
}

/** The texts of a draft, in their order. */
export async function textsOf({ sql }: Tx, draft: string): Promise<string[]> {
  const rows = await sql(
    "SELECT text FROM outbox WHERE draft = ? AND state = 'held' AND text IS NOT NULL ORDER BY id",
  ).all(draft);
  return rows.map(({ text }) => String(text));
}

type Home = Pick<NewOutboxItem, "target" | "chatKey" | "origin" | "chatGuid">;

/**
 * Gives the texts of a draft other words, each in the place of one; what is more follows behind all of it. Files and actions
 * stay.
 */
export async function rewordParts(
  tx: Tx,
  { id, account, ...home }: Pick<Draft, "id" | "account" | "target" | "chatKey">,
  words: readonly DraftWords[],
  at: number,
): Promise<void> {
  const { sql } = tx;
  const rows = await sql("SELECT * FROM outbox WHERE draft = ? AND state = 'held' ORDER BY id").all(id);
  const parts = rows.map(toItem);
  const texts = parts.filter(({ text }) => text !== undefined);
  for (const [index, part] of texts.entries()) {
    const said = words[index];
    if (said === undefined) {
      await sql("UPDATE outbox SET state = 'not_sent', settled_at = ?, error = ? WHERE id = ?").run(
        at,
        jsonText(notApproved("an owner gave the draft other words")),
        part.id,
      );
      continue;
    }
    const { runs: _, ...plain } = part;
    await sql("UPDATE outbox SET text = ?, form = ? WHERE id = ?").run(
      said.text,
      jsonText(formOf({ ...plain, ...said })),
      part.id,
    );
  }
  // One that was left without parts goes where it was for.
  const { target, chatKey, origin, chatGuid }: Home = parts[0] ?? { ...home, origin: "turn" };
  const more = words
    .slice(texts.length)
    .map((said) => ({ target, chatKey, origin, ...(chatGuid && { chatGuid }), draft: id, ...said }));
  await insertAll(tx, account, more, at);
}
