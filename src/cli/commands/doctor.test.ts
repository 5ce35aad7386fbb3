import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import type { Context } from "../context.js";
import { doctor } from "./doctor.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "doctor-command-"));
});
afterEach(() => removeFolder(folder));

it.each([
  [{ live: true, fix: true }, "--live does not go with --fix"],
  [{ live: true, alert: true }, "--live does not go with --alert"],
  [{ alert: true, fix: true }, "--alert does not go with --fix"],
  [{ fix: true, record: true as const }, "--record and --account go with --live"],
])("refuses what would be passed over: %o", async (options, message) => {
  await expect(doctor({} as Context, options)).rejects.toMatchObject({ code: "USAGE", message });
});

/** Of a gateway that does not run. */
function context(): Context {
  const configOption = join(folder, "tapback.json5");
  writeFileSync(configOption, "{ channels: { imessage: {} }, agents: { list: [{ id: 'main' }] } }");
  const places = { home: folder, stateDir: join(folder, "state"), configOption };
  return { ...places, env: {}, variables: {}, json: true } as unknown as Context;
}

it("asks first whether a recording can be kept", async () => {
  const record = join(folder, "none/live.jsonl");
  await expect(doctor(context(), { live: true, record })).rejects.toMatchObject({
    code: "REPORT_UNWRITABLE",
  });
});

it("leaves no file where nothing was recorded, and one that was there as it was", async () => {
  const [fresh, old] = [join(folder, "fresh.jsonl"), join(folder, "old.jsonl")];
  writeFileSync(old, "kept");
  for (const record of [fresh, old]) await doctor(context(), { live: true, record }).catch(() => {});
  expect([existsSync(fresh), readFileSync(old, "utf8")]).toEqual([false, "kept"]);
  expect(readdirSync(folder)).not.toContain("none");
});
