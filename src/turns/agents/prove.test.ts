import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { proofTools } from "./prove.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-prove-"));
});
afterEach(() => removeFolder(folder));

it("answers who asks for the tools of a proof, and leaves a mark of the owner's alone (behaviour 6.7)", async () => {
  const mark = join(folder, "listed");
  const tools = await proofTools(mark);
  expect(tools.map(({ name }) => name)).toEqual(["schedule", "ask"]);
  expect(statSync(mark).mode & 0o777).toBe(0o600);
  await expect(proofTools(join(folder, "none/listed"))).rejects.toMatchObject({ code: "ENOENT" });
});
