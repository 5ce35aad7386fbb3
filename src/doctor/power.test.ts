import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkPower } from "./power.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-power-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What `pmset -g` prints on a Mac. */
function pmset(sleep: string): NodeJS.ProcessEnv {
  const text = `System-wide power settings:\nCurrently in use:\n standby              1\n displaysleep         28\n ${sleep}\n disksleep            10\n`;
  writeFileSync(join(folder, "pmset"), `#!/bin/sh\nprintf '%s' '${text}'\n`, { mode: 0o755 });
  return { PATH: folder };
}

it.each([
  [
    "sleep                1 (sleep prevented by sharingd)",
    false,
    "warn",
    "for 1 minute; nothing is answered",
  ],
  ["sleep                15", false, "warn", "for 15 minutes; nothing is answered"],
  ["sleep                15", true, "ok", "not while the gateway runs"],
  ["sleep                0", false, "ok", "does not sleep by itself"],
])("reads of `%s`, with keepAwake %s, that it is %s", async (line, keepAwake, level, says) => {
  expect(await checkPower(pmset(line), "darwin", keepAwake)).toEqual([
    expect.objectContaining({ check: "power", level, detail: expect.stringContaining(says) }),
  ]);
});

it("says nothing where it cannot know", async () => {
  expect(await checkPower({ PATH: folder }, "darwin", false)).toEqual([]);
  expect(await checkPower(pmset("sleep 1"), "linux", false)).toEqual([]);
  expect(await checkPower(pmset("womp 1"), "darwin", false)).toEqual([]);
});
