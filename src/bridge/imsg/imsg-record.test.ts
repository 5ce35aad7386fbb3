import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { ImsgRecord } from "./imsg-record.js";

const own = "6E0F2C1A-0B7D-4C51-9C0E-5D1B7A3F1001";
const line = (value: object) => JSON.stringify({ jsonrpc: "2.0", ...value });
const row = (message: object) => line({ method: "message", params: { subscription: 1, message } });

it("keeps what changes a message of the run, its answer and its rows, and nothing of anybody else", async () => {
  const clock = new FakeClock(0);
  const record = new ImsgRecord(clock);
  const send = line({ id: 3, method: "send", params: { to: "me@example.com", text: "test zqx" } });
  record.heard(send, "imsg");
  record.begin("zqx");
  record.heard(send, "imsg");
  record.heard(line({ id: 4, method: "send", params: { to: "+15550100123", text: "for Mia" } }), "imsg");
  record.heard(line({ id: 5, method: "messages.history", params: { chat_id: 7, text: "zqx" } }), "imsg");
  record.heard(row({ id: 1, guid: "OTHER", text: "from Mia" }), "gateway");
  record.heard(line({ id: 5, result: { messages: [{ text: "old words" }] } }), "gateway");
  record.heard(line({ id: 4, result: { ok: true, guid: "OTHER" } }), "gateway");
  record.heard(line({ id: 3, result: { ok: true, guid: own } }), "gateway");
  record.heard(row({ id: 2, guid: own, text: "test zqx" }), "gateway");
  // A message of the run is named by its GUID alone, in either case.
  record.heard(line({ id: 6, method: "tapback", params: { message_id: own.toLowerCase() } }), "imsg");
  record.heard(row({ id: 3, guid: "TAPBACK", reacted_to_guid: own, text: "" }), "gateway");
  record.heard("no JSON, zqx", "gateway");
  await clock.advance(3 * 60_000 + 1);
  record.heard(row({ id: 9, guid: own, text: "test zqx" }), "gateway");
  const kept = record.end().map(({ to, frame }) => [to, frame.method ?? "answer", frame.id ?? null]);
  expect(kept).toEqual([
    ["imsg", "send", 3],
    ["gateway", "answer", 3],
    ["gateway", "message", null],
    ["imsg", "tapback", 6],
    ["gateway", "message", null],
  ]);
});

it("keeps nothing that is said after it ended, and begins with nothing", async () => {
  const record = new ImsgRecord(new FakeClock(0));
  const send = (id: number) =>
    line({ id, method: "send", params: { to: "me@example.com", text: "test zqx" } });
  record.begin("zqx");
  record.heard(send(1), "imsg");
  record.heard(line({ id: 1, result: { ok: true, guid: own } }), "gateway");
  record.heard(send(2), "imsg");
  const kept = record.end();
  expect(kept).toHaveLength(3);
  record.heard(send(3), "imsg");
  record.heard(line({ id: 2, result: { ok: true } }), "gateway");
  expect(kept).toHaveLength(3);
  record.begin("zqy");
  // Neither the messages nor the requests of before are its own.
  record.heard(row({ id: 2, guid: "NEW", text: "test zqy" }), "gateway");
  record.heard(line({ id: 2, result: { ok: true } }), "gateway");
  record.heard(row({ id: 3, guid: own, text: "test zqx" }), "gateway");
  expect(record.end().map(({ frame }) => frame.params)).toMatchObject([{ message: { id: 2 } }]);
});

it("ends by itself after three minutes, or two thousand frames", async () => {
  const clock = new FakeClock(0);
  const record = new ImsgRecord(clock);
  const told = row({ guid: own, text: "test zqx" });
  record.begin("zqx");
  await clock.advance(3 * 60_000);
  record.heard(told, "gateway");
  expect(record.end()).toMatchObject([{ ms: 3 * 60_000, to: "gateway" }]);
  record.begin("zqx");
  for (let count = 0; count < 2001; count++) record.heard(told, "gateway");
  expect(record.end()).toHaveLength(2000);
});
