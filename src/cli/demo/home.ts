import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The temporary folder of one demo: the simulated Messages, the gateway's configuration and its state. */
export interface DemoHome {
  folder: string;
  /** Folder of the simulated Messages. */
  messages: string;
  stateDir: string;
  config: string;
  /** Removes the folder, also while a program that ends just now still writes there. */
  remove(): Promise<void>;
  /** For a process that is about to end. */
  removeNow(): void;
}

export interface DemoSettings {
  /** The simulator's program. */
  cliPath: string;
  /** People who may write without pairing. */
  allowFrom: string[];
  /** Longest message that is sent in one piece, UTF-16 code units. */
  textChunkLimit: number;
  /** Whether the gateway serves its console. */
  console: boolean;
}

/** The Mac that is played: an imsg with its private API, so that tapbacks, effects, threads and polls are seen. */
const mac = { version: "0.14.0", bridge: true, sip: "disabled" };

/** Makes the folder and writes the configuration into it. */
export function makeDemoHome(settings: DemoSettings): DemoHome {
  const folder = mkdtempSync(join(tmpdir(), "tapback-demo-"));
  const home = {
    folder,
    messages: join(folder, "messages"),
    stateDir: join(folder, "state"),
    config: join(folder, "tapback.json5"),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }),
    removeNow: () => rmSync(folder, { recursive: true, force: true }),
  };
  mkdirSync(home.messages, { mode: 0o700 });
  writeFileSync(join(home.messages, "world.json"), JSON.stringify(mac), { mode: 0o600 });
  const config = configOf(settings, join(home.messages, "chat.db"));
  writeFileSync(home.config, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return home;
}

function configOf({ cliPath, allowFrom, textChunkLimit, console }: DemoSettings, dbPath: string) {
  return {
    channels: {
      imessage: {
        cliPath,
        dbPath,
        dmPolicy: "pairing",
        allowFrom,
        groupPolicy: "open",
        groups: { "*": { requireMention: true } },
        textChunkLimit,
        // Somebody watches: 50 ms gather what one write touches, the default of 250 ms is felt.
        watchDebounceMs: 50,
      },
    },
    messages: { groupChat: { mentionPatterns: ["@tapback\\b"] } },
    // What one person told the agent is not for the other.
    session: { dmScope: "per-peer" },
    agents: { list: [{ id: "main", runtime: { type: "demo" } }] },
    gateway: { shutdownGraceMs: 1000, console: { enabled: console } },
    logging: { format: "json" },
  };
}
