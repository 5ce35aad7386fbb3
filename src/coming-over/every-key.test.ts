import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Tree } from "../config/fitting/index.js";
import { parsePath } from "../config/index.js";
import { importConfig } from "./index.js";

/** Every key of OpenClaw 2026.9.6 that matters to iMessage, with a value, what it means for access, and what becomes of it. */
interface KnownKey {
  key: string;
  value: unknown;
  /** What the key means for who gets in, in the words of the reference. */
  access: string;
  perAccount: boolean;
  fate: string;
  /** How what it closed is told, where that is lost. */
  gained?: string;
}

const keys: KnownKey[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../test/fixtures/openclaw-keys.json"), "utf8"),
);

/** A file that has the key, and around it what the key needs to mean something. */
function fileWith(key: string, value: unknown): Tree {
  const file: Tree = { channels: { imessage: { allowFrom: ["+15551000009", "accessGroup:friends"] } } };
  if (key.startsWith("accessGroups"))
    file.accessGroups = { friends: { type: "message.senders", members: { imessage: ["+15551000001"] } } };
  if (key.startsWith("bindings")) {
    const isSession = key.includes(".acp.");
    const peer = isSession ? { peer: { kind: "group", id: "7" } } : {};
    file.bindings = [
      { type: isSession ? "acp" : "route", agentId: "main", match: { channel: "imessage", ...peer } },
    ];
  }
  if (/^agents\.entries|^bindings/.test(key)) file.agents = { entries: { main: {} } };
  const parsed = parsePath(key);
  if (!parsed.ok) throw parsed.error;
  let place: Record<string | number, unknown> = file;
  for (const part of parsed.value.slice(0, -1)) {
    place[part] ??= {};
    place = place[part] as Tree;
  }
  place[parsed.value.at(-1)!] = value;
  return file;
}

async function imported(key: string, value: unknown) {
  const old = fileWith(key, value);
  const { report, access } = await importConfig({
    dialect: "openclaw",
    old,
    approved: [],
    chats: [],
    env: {},
  });
  const isIn = (inner: string, outer: string) =>
    inner === outer || [".", "["].some((sign) => inner.startsWith(`${outer}${sign}`));
  const own = report.filter((entry) => isIn(entry.key, key));
  // What went whole is told at the highest place.
  const entries = own.length > 0 ? own : report.filter((entry) => isIn(key, entry.key));
  return { entries, access };
}

describe("every key of OpenClaw", () => {
  it.each(keys)("$key is $fate", async ({ key, value, fate, gained }) => {
    const { entries, access } = await imported(key, value);
    expect([...new Set(entries.map(({ action }) => action))].sort().join(" and ")).toBe(fate);
    for (const { action, why = "" } of entries) if (action !== "kept") expect(why.length).toBeGreaterThan(10);
    expect(access.gained.filter((line) => line.includes("limits nothing here"))).toEqual(
      gained === undefined ? [] : [expect.stringContaining(gained)],
    );
  });

  it("says of what closed or narrowed that it holds no longer, where it does not", () => {
    const closing = keys.filter(
      ({ access, fate }) => /clos|narrow/i.test(access) && fate.includes("dropped"),
    );
    expect(closing.filter(({ gained }) => gained === undefined).map(({ key }) => key)).toEqual([]);
  });

  it("fares the same under an account", async () => {
    const own = keys.filter(({ key, perAccount }) => perAccount && key.startsWith("channels.imessage."));
    expect(own.length).toBeGreaterThan(60);
    // There is one prefix for all here, and the channel's is the one.
    for (const { key, value, fate } of own.filter((one) => !one.key.endsWith("responsePrefix"))) {
      const { entries } = await imported(key.replace("imessage.", "imessage.accounts.home."), value);
      expect([key, [...new Set(entries.map(({ action }) => action))].sort().join(" and ")]).toEqual([
        key,
        fate,
      ]);
    }
  });
});
