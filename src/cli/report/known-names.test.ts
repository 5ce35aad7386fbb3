import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../../config/index.js";
import { knownNames } from "./known-names.js";

it("knows files, the Mac behind a wrapper script, and hosts of addresses, but for this machine's own", async () => {
  const home = mkdtempSync(join(tmpdir(), "known-"));
  try {
    writeFileSync(join(home, "imsg-mac"), '#!/bin/sh\nexec ssh -T mia@macmini imsg "$@"\n', { mode: 0o755 });
    const parsed = await parseConfig(
      JSON.stringify({
        channels: {
          imessage: {
            cliPath: "~/imsg-mac",
            accounts: {
              near: { cliPath: "imsg", dbPath: "~/Mia Jones/chat.db" },
              far: { remoteHost: "gandalf" },
            },
          },
        },
        models: {
          providers: { a: { baseUrl: "http://saruman:1234/v1" }, b: { baseUrl: "http://127.0.0.1:1/v1" } },
        },
      }),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const stateDir = join(home, "state");
    expect(new Set(knownNames(parsed.value.config, { env: {}, home, stateDir }))).toEqual(
      new Set([
        ...[home, stateDir, "~/imsg-mac", join(home, "imsg-mac"), "mia@macmini", "mia", "macmini"],
        ...["~/Mia Jones/chat.db", join(home, "Mia Jones/chat.db"), "gandalf", "saruman"],
      ]),
    );
  } finally {
    rmSync(home, { recursive: true });
  }
});
