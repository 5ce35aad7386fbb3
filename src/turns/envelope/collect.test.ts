import { expect, it } from "vitest";
import { dispatch, row } from "../../../test/contract/store/bench.js";
import type { JournalEntry, Store } from "../../store/index.js";
import { collect } from "./collect.js";
import { buildEnvelope, type EnvelopeParts } from "./envelope.js";

const entry = { id: 2, account: "default", row: row(2), decision: dispatch } as unknown as JournalEntry;
const parts: EnvelopeParts = {
  ...{
    turnId: "new",
    sessionKey: "s",
    agentId: "main",
    accountId: "default",
    isGroup: false,
    isOwner: false,
  },
  ...{ entries: [entry], context: [], notes: [], includeAttachments: false },
};

/** A store in which a turn waits. @param more what else it is */
function storeWith(
  { attempt = 0, ...more }: { attempt?: number; listening?: true } = {},
  had: JournalEntry[] = [{ ...entry, id: 1, row: row(1) }],
) {
  const envelope = { ...buildEnvelope({ ...parts, entries: had }), turnId: "waiting", ...more };
  return {
    turns: { lastOfChat: async () => ({ id: "waiting", account: "default", attempt, envelope }) },
    journal: { ofTurn: async () => had },
  } as unknown as Store;
}

const nobody = () => false;

it("puts no message into a turn that reads along, or that its agent has seen already", async () => {
  expect((await collect(parts, storeWith(), nobody))?.envelope.turnId).toBe("waiting");
  expect(await collect(parts, storeWith({ listening: true }), nobody)).toBeUndefined();
  expect(await collect(parts, storeWith({ attempt: 1 }), nobody)).toBeUndefined();
});

it("puts no message into a turn of the chat that had its number in another database (behaviour 10.3b)", async () => {
  const chat = { ...entry.row.chat, guid: "iMessage;-;other@example.com" };
  const renumbered = { ...entry, row: { ...entry.row, chat } };
  expect(await collect({ ...parts, entries: [renumbered] }, storeWith(), nobody)).toBeUndefined();
  // Another way to write the same one.
  const same = { ...entry, row: { ...entry.row, chat: { ...chat, guid: `any;-;${entry.row.sender}` } } };
  expect(await collect({ ...parts, entries: [same] }, storeWith(), nobody)).toBeDefined();
});

it("makes one turn of several people only where none of them has a limit", async () => {
  const sam = "+15550100999";
  const other = { ...entry, id: 1, row: { ...row(1), sender: sam } };
  const collected = async (limited: string[], had = [other]) =>
    (await collect(parts, storeWith({}, had), (handle) => limited.includes(handle)))?.had;
  expect(await collected([])).toEqual([1]);
  expect(await collected([sam])).toBeUndefined();
  expect(await collected([entry.row.sender])).toBeUndefined();
  expect(await collected([entry.row.sender], [{ ...entry, id: 1 }])).toEqual([1]);
});
