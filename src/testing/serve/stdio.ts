import { LineSplitter } from "../../platform/index.js";
import { ServedSession } from "./session.js";

/** Longest line that is read. */
const maxLineBytes = 64 * 1024 * 1024;

/** Serves one client over this process's stdin and stdout, until stdin ends (behaviour 22.1). */
export async function serveStdio(): Promise<void> {
  const session = new ServedSession((line) => process.stdout.write(`${line}\n`));
  const lines = new LineSplitter(maxLineBytes, (line) => session.accept(line));
  for await (const chunk of process.stdin) lines.push(chunk as Buffer);
  const rest = lines.end();
  if (rest !== undefined) session.accept(rest);
  await session.end();
}
