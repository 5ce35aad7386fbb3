import { SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { beforeEach, expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import type { Decision } from "../conversation/index.js";
import type { AccountEvent } from "./events.js";
import { Traces } from "./traces.js";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
/** Of an earlier life: before this process began. */
const base = 1_700_000_000_000;
let traces: Traces;
let at = 0;

beforeEach(() => {
  exporter.reset();
  at = base + 1000;
  traces = new Traces(provider.getTracer("test"));
});

/** One event, a second after the one before. */
function tell(event: AccountEvent, account = "home"): void {
  traces.heard({ ...event, account, at });
  at += 1000;
}

const spans = (): ReadableSpan[] => exporter.getFinishedSpans();
const named = (name: string) => spans().filter((span) => span.name === `tapback.${name}`);
const ms = ([seconds, nanos]: ReadableSpan["startTime"]) => seconds * 1000 + nanos / 1e6 - base;
const lasting = (span: ReadableSpan | undefined) => span && [ms(span.startTime), ms(span.endTime)];

const message = (guid: string) => ({ ...row(7), guid, text: "a secret", sender: "+15550100001" });
const dispatch = { kind: "dispatch", isOwner: false, gates: [] } as unknown as Decision;
const refusal = { kind: "drop", reason: "sender-not-allowed", gates: [] } as unknown as Decision;
const turn = { type: "turn", turnId: "t1", agentId: "main", sessionKey: "s", attempt: 1 } as const;
const send = {
  type: "sent",
  id: 4,
  chatKey: "direct:+15550100001",
  origin: "turn",
  text: "a secret",
  turnId: "t1",
} as const;

it("is one trace of each message: decided, waiting, turn, sends", () => {
  tell({ type: "message", message: message("A"), arrival: "live" });
  tell({ type: "decision", message: message("A"), decision: dispatch });
  tell({ ...turn, state: "started", messages: ["A"] });
  tell({ ...turn, state: "done", messages: ["A"] });
  tell({ ...send, state: "stored", guid: "S", queuedAt: base + 3500 });
  expect(lasting(named("message")[0])).toEqual([1000, 4000]);
  expect(lasting(named("decide")[0])).toEqual([1000, 2000]);
  expect(lasting(named("wait")[0])).toEqual([2000, 3000]);
  expect(lasting(named("turn")[0])).toEqual([3000, 4000]);
  expect(lasting(named("send")[0])).toEqual([3500, 5000]);
  expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
  const parent = (name: string) => named(name)[0]!.parentSpanContext?.spanId;
  const [whole, ended] = [named("message")[0]!, named("turn")[0]!];
  expect(["decide", "wait", "turn"].map(parent)).toEqual(Array(3).fill(whole.spanContext().spanId));
  expect(parent("send")).toBe(ended.spanContext().spanId);
  expect(parent("message")).toBeUndefined();
  expect(whole.attributes).toMatchObject({ "messaging.message.id": "A", "tapback.row": 7 });
  expect(named("send")[0]!.attributes).toMatchObject({
    "messaging.message.id": "S",
    "tapback.outcome": "stored",
    "tapback.outbox": 4,
  });
});

it("has neither texts nor addresses in it, of errors the code alone", () => {
  tell({ type: "message", message: message("A"), arrival: "catchup" });
  tell({ type: "decision", message: message("A"), decision: dispatch });
  tell({ ...turn, state: "started", messages: ["A"] });
  const error = { code: "AGENT_FAILED", message: "it said: a secret" };
  tell({ ...turn, state: "failed", messages: ["A"], error });
  tell({ ...send, state: "not_sent", queuedAt: base, error: { code: "X", message: "a secret" } });
  const shown = JSON.stringify(
    spans().map(({ name, attributes, status, events }) => [name, attributes, status, events]),
  );
  expect(shown).not.toMatch(/secret|\+1555/);
  expect(named("turn")[0]).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { "error.type": "AGENT_FAILED", "tapback.outcome": "failed" },
  });
  expect(named("send")[0]!.attributes["error.type"]).toBe("X");
});

it("ends with the decision where that is the end, and leaves a neighbour as it is", () => {
  tell({ type: "message", message: message("A"), arrival: "live" });
  tell({ type: "message", message: message("A"), arrival: "live" }, "work");
  tell({ type: "decision", message: message("A"), decision: refusal });
  expect(named("message").map(lasting)).toEqual([[1000, 3000]]);
  expect(named("decide")[0]!.attributes).toMatchObject({ "tapback.reason": "sender-not-allowed" });
  traces.close();
  expect(named("message").map((span) => span.attributes["tapback.account"])).toEqual(["home", "work"]);
});

it("links the other messages of a turn, and knows a turn of an earlier life", () => {
  for (const guid of ["A", "B"]) tell({ type: "message", message: message(guid), arrival: "live" });
  for (const guid of ["A", "B"]) tell({ type: "decision", message: message(guid), decision: dispatch });
  tell({ ...turn, state: "started", messages: ["A", "B", "before"] });
  tell({ ...turn, state: "done", messages: ["A", "B", "before"] });
  const whole = named("message").find((span) => span.attributes["messaging.message.id"] === "B")!;
  expect(named("turn")[0]!.links.map(({ context }) => context.spanId)).toEqual([whole.spanContext().spanId]);
  tell({ ...turn, turnId: "t0", state: "started", messages: ["before"] });
  tell({ ...turn, turnId: "t0", state: "done", messages: ["before"] });
  expect(named("turn")[1]!.parentSpanContext).toBeUndefined();
});

it("has nothing of own rows", () => {
  tell({ type: "message", message: { ...message("A"), fromMe: true }, arrival: "live" });
  tell({ type: "decision", message: { ...message("A"), fromMe: true }, decision: refusal });
  traces.close();
  expect(spans()).toEqual([]);
});

it("lets the oldest go where too many are open", () => {
  for (let n = 0; n <= 10_000; n++) tell({ type: "message", message: message(`m${n}`), arrival: "live" });
  expect(named("message").map((span) => span.attributes["messaging.message.id"])).toEqual(["m0"]);
});
