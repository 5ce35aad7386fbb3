import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { directMessage, groupMessage } from "../../test/support/message.js";
import { sidOf } from "../conversation/index.js";
import { openStore, type Store } from "../store/index.js";
import { findMessage } from "./message-id.js";

const day = 24 * 3600_000;
let folder: string;
let store: Store;
let sids: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "message-id-"));
  store = openStore(join(folder, "state.db"));
  const { claim } = await store.accounts.claim("default", "node");
  const rows = [
    directMessage({ rowId: 1, guid: "GUID-THEIRS" }),
    directMessage({ rowId: 2, guid: "GUID-OURS", fromMe: true }),
    groupMessage({ rowId: 3, guid: "GUID-GROUP" }),
  ];
  sids = (await store.journal.admit(claim, rows, "live", 1000)).map((id) => sidOf(id!));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const find = async (given: string, chatId = 7, account = "default", at = 2000) => {
  const found = await findMessage(given, store, account, chatId, at);
  return found.ok ? found.value : found.error.code;
};

describe("a message id", () => {
  it("is a short id in its own chat and account, or the GUID", async () => {
    expect(await find(sids[0]!)).toEqual({ guid: "GUID-THEIRS", fromMe: false, isOfChat: true });
    expect(await find(sids[1]!.toUpperCase())).toEqual({ guid: "GUID-OURS", fromMe: true, isOfChat: true });
    expect(await find("GUID-OURS")).toEqual({ guid: "GUID-OURS", fromMe: true, isOfChat: true });
    expect(await find("p:0/GUID-THEIRS")).toEqual({ guid: "GUID-THEIRS", fromMe: false, isOfChat: true });
  });

  it("holds nowhere else", async () => {
    expect(await find(sids[2]!)).toBe("MESSAGE_ID_FOREIGN");
    expect(await find("GUID-GROUP")).toBe("MESSAGE_ID_FOREIGN");
    expect(await find(sids[0]!, 7, "work")).toBe("MESSAGE_ID_UNKNOWN");
    expect(await find("zzz")).toBe("MESSAGE_ID_UNKNOWN");
  });

  it("asks for the full id once the short one is old, and survives a restart before", async () => {
    expect(await find(sids[0]!, 7, "default", 1000 + 8 * day)).toBe("MESSAGE_ID_UNKNOWN");
    expect(await find("GUID-THEIRS", 7, "default", 1000 + 8 * day)).toMatchObject({ guid: "GUID-THEIRS" });
    await store.close();
    store = openStore(join(folder, "state.db"));
    expect(await find(sids[0]!)).toMatchObject({ guid: "GUID-THEIRS" });
  });

  it("takes a GUID that nothing here knows, without saying whose it is", async () => {
    expect(await find("6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1FFF")).toEqual({
      guid: "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1FFF",
      fromMe: undefined,
      isOfChat: false,
    });
  });
});
