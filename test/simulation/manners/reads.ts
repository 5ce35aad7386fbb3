import { readFileSync } from "node:fs";
import type { Hands } from "./manner.js";

/** What every agent does with files that come with a message: their content is the word of their message. */
export function readFiles({ turn, name, chatId, ledger }: Hands): void {
  const paths = turn.envelope.messages.flatMap(({ attachments }) =>
    attachments.flatMap(({ path }) => path ?? []),
  );
  if (paths.length > 0)
    ledger.looks.push({ name, chatId, texts: paths.map((path) => readFileSync(path, "utf8")) });
}
