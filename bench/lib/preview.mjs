// A simulated Mac with a month of messages, for `tapback preview`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./gateway.mjs";

const simulator = join(root, "dist/simulator/main.js");

/** Seeds a world. @returns the environment in which `tapback preview` reads it, and how to end it */
export function previewWorld(messages) {
  const folder = mkdtempSync(join(tmpdir(), "tapback-bench-"));
  const dbPath = join(folder, "chat.db");
  const words = ["seed", "--people", "20", "--messages", String(messages), "--days", "29", "--db", dbPath];
  execFileSync(process.execPath, [simulator, ...words], { stdio: "ignore" });
  const imsg = join(folder, "imsg");
  writeFileSync(imsg, `#!/bin/sh\nexec "${process.execPath}" "${simulator}" "$@"\n`, { mode: 0o755 });
  const groups = { "*": { requireMention: true } };
  const imessage = { cliPath: imsg, dbPath, allowFrom: ["+15550101000"], groupPolicy: "open", groups };
  const file = join(folder, "tapback.json5");
  writeFileSync(file, JSON.stringify({ channels: { imessage } }));
  return {
    env: { ...process.env, TAPBACK_STATE_DIR: folder, TAPBACK_CONFIG: file },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
