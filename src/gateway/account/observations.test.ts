import { expect, it } from "vitest";
import { row } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import type { OutboxItem, Turn } from "../../store/index.js";
import type { AccountEvent } from "../../telemetry/index.js";
import { Observations } from "./observations.js";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

it("does not call sends broken because our own rules refused one", () => {
  const seen = new Observations(new FakeClock(5), quiet);
  const item = { id: 1, chatKey: "chat:1" } as OutboxItem;
  seen.sent(item, { state: "stored", guid: "G" });
  for (const code of ["RECIPIENT_REFUSED", "FILE_TOO_LARGE"] as const)
    seen.sent(item, { state: "not_sent", error: { code, message: "no" } });
  expect(seen.seen.lastSend?.outcome).toMatchObject({ state: "stored" });
  seen.sent(item, { state: "not_sent", error: { code: "PERMISSION_AUTOMATION", message: "no" } });
  expect(seen.seen.lastSend?.outcome).toMatchObject({ state: "not_sent" });
});

it("tells who listens what happens, and of a send only its end", () => {
  const told: AccountEvent[] = [];
  const seen = new Observations(new FakeClock(5), quiet, (event) => told.push(event));
  const message = row(1);
  seen.arrived(message, "live");
  const turn = {
    id: "t",
    agentId: "main",
    sessionKey: "s",
    attempt: 2,
    envelope: { coalescedMessageGuids: ["G"] },
  };
  seen.started(turn as unknown as Turn);
  const error = { code: "AGENT_FAILED", message: "no", hint: "h", cause: "secret" };
  seen.answered(turn as unknown as Turn, { outcome: "failed", error });
  const item = { id: 3, chatKey: "chat:1", origin: "turn", text: "hi", turnId: "t" } as OutboxItem;
  seen.sent(item, { state: "accepted", guid: "S" });
  seen.sent(item, { state: "retry", dueAt: 9, error: { code: "REQUEST_TIMEOUT", message: "late" } });
  seen.sent(item, { state: "stored", guid: "S" });
  seen.bridge("live", undefined, 1);
  const of = { turnId: "t", agentId: "main", sessionKey: "s", attempt: 2, messages: ["G"] };
  expect(told).toEqual([
    { type: "message", message, arrival: "live" },
    { type: "turn", state: "started", ...of },
    { type: "turn", state: "failed", ...of, error: { code: "AGENT_FAILED", message: "no" } },
    {
      type: "sent",
      state: "stored",
      id: 3,
      chatKey: "chat:1",
      origin: "turn",
      text: "hi",
      turnId: "t",
      guid: "S",
    },
    { type: "health", state: "live" },
  ]);
});
