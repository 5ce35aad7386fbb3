import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { OutboxItem, Turn } from "../store/index.js";
import { checkFile } from "./file-check.js";

it("refuses a file that became a link out of the agent's folders before it was sent", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-file-")));
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  const file = join(workspace, "a.txt");
  writeFileSync(file, "a");
  writeFileSync(join(folder, "secret"), "s");
  writeFileSync(join(workspace, "b.txt"), "b");
  const turn = { id: "t", envelope: { messages: [] } } as unknown as Turn;
  const store = { turns: { get: (id: string) => (id === "t" ? turn : undefined) } } as never;
  const judge = (change: Partial<OutboxItem>) =>
    checkFile({ file, turnId: "t", ...change } as OutboxItem, store, () => [workspace]);
  try {
    expect(await judge({})).toBeUndefined();
    expect(await judge({ file: join(folder, "secret") })).toMatchObject({ code: "AGENT_MEDIA_REFUSED" });
    rmSync(file);
    expect(await judge({})).toMatchObject({ code: "AGENT_MEDIA_MISSING" });
    symlinkSync(join(folder, "secret"), file);
    expect(await judge({})).toMatchObject({ code: "AGENT_MEDIA_REFUSED" });
    rmSync(file);
    symlinkSync(join(workspace, "b.txt"), file);
    expect(await judge({})).toMatchObject({ code: "AGENT_MEDIA_REFUSED" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
