import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { removeFolder } from "../../test/support/remove-folder.js";
import { parseConfig } from "../config/index.js";
import { sessionControls } from "./session-controls.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-controls-"));
  writeFileSync(join(folder, "own-agent"), "", { mode: 0o755 });
});
afterAll(() => removeFolder(folder));

it("looks for the program of an ACP agent in the PATH that it is started with", async () => {
  const hasProgram = async (acp: object) => {
    const parsed = await parseConfig(JSON.stringify({ acp }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const { config } = parsed.value;
    const surroundings = { env: { PATH: "/nowhere" }, home: folder };
    return sessionControls(() => config, {} as never, {} as never, surroundings).hasProgram("own-agent");
  };
  expect(await hasProgram({})).toBe(false);
  expect(await hasProgram({ env: { PATH: folder } })).toBe(true);
});
