import { writeSync } from "node:fs";
import { LineSplitter } from "../../platform/index.js";
import { openPlace } from "../world/place.js";
import { DeadlySignals } from "./deadly-signals.js";
import type { Outside } from "./outside.js";
import { RpcServer } from "./server.js";

/** Longest request taken; imsg takes 5 MB and more (protocol reference 12, row 17). */
const maxLineBytes = 256 * 1024 * 1024;

/**
 * Serves RPC over this process's stdin and stdout until stdin is closed.
 * @param options.db the database that `--db` names
 */
export async function serveProcess(options: { db?: string }): Promise<void> {
  const place = openPlace(options);
  // Lines of one moment go out in one system call: a poll may report 100.
  let unwritten = "";
  let signals: DeadlySignals | undefined;
  const flush = () => {
    const text = unwritten;
    unwritten = "";
    writeAll(text, signals);
  };
  const writeRaw = (text: string) => {
    if (unwritten === "") queueMicrotask(flush);
    unwritten += text;
  };
  const exit = (code: number): never => {
    flush();
    process.exit(code);
  };
  const outside: Outside = {
    write: (line) => writeRaw(`${line}\n`),
    writeRaw,
    complain: (line) => void process.stderr.write(`${line}\n`),
    exit,
  };
  const slow = place.faults.fires("slow-start");
  if (slow !== undefined) await place.host.clock.sleep(slow.ms ?? 3000);
  const server = new RpcServer(place, outside);
  process.once("exit", () => server.finish());
  signals = new DeadlySignals(() => server.finish());
  signals.heed();
  const lines = new LineSplitter(maxLineBytes, (line) => server.accept(line));
  process.stdin.on("data", (chunk: Buffer) => lines.push(chunk));
  process.stdin.on("end", async () => {
    const rest = lines.end();
    if (rest !== undefined) server.accept(rest);
    exit(await server.end());
  });
}

/**
 * Writes whole lines at once and waits while the pipe is full, as imsg does: a parent that stops reading blocks its
 * child (protocol reference 12, row 16). A closed pipe ends the process.
 * @param signals left to the system while it waits, for nothing here would hear of one
 */
function writeAll(text: string, signals: DeadlySignals | undefined): void {
  const bytes = Buffer.from(text, "utf8");
  let isBlocked = false;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") process.exit(141);
      if (!isBlocked) signals?.ignore();
      isBlocked = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  if (isBlocked) signals?.heed();
}
