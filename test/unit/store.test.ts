import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/store/index.js";
import { storeContract } from "../contract/store.js";

describe("the SQLite store", () => storeContract(openStore));

it("leaves everything in one file at the end of a gateway", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-store-"));
  const store = openStore(join(folder, "state.db"));
  await store.pairing.admit("default", "+15550100123", 1000);
  await store.close({ settle: true });
  copyFileSync(join(folder, "state.db"), join(folder, "copy.db"));
  const copy = openStore(join(folder, "copy.db"));
  expect(await copy.pairing.isApproved("default", "+15550100123")).toBe(true);
  await copy.close();
  rmSync(folder, { recursive: true });
});
