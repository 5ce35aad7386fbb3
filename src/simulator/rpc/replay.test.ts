import { expect, it } from "vitest";
import { Replay } from "./replay.js";

const head = { format: "tapback-live", version: 1, imsg: "0.19.1", methods: ["send"], privateApi: null };
const lines = (...all: object[]) => all.map((line) => JSON.stringify(line)).join("\n");
const row = (id: number) => ({
  to: "gateway",
  frame: { method: "message", params: { subscription: 7, message: { id, chat_id: 2 } } },
});
const asked = (id: number, method: string) => ({ to: "imsg", frame: { id, method } });
const answered = (id: number, more: object) => ({ to: "gateway", frame: { id, ...more } });

it("answers each request as the next of its method was, with the rows around it", () => {
  const replay = new Replay(
    lines(head, asked(1, "send"), row(5), answered(1, { result: { ok: true } }), row(6), asked(2, "send"), {
      ...answered(2, { error: { code: -32603 } }),
    }),
  );
  const ask = (id: number, method: string, params = {}) =>
    replay.answer(JSON.stringify({ id, method, params })).map((line) => JSON.parse(line));
  expect(ask(10, "watch.subscribe")).toMatchObject([{ id: 10, result: { subscription: 1 } }]);
  expect(ask(11, "send")).toMatchObject([
    { method: "message", params: { subscription: 1, message: { id: 5 } } },
    { id: 11, result: { ok: true } },
    { params: { message: { id: 6 } } },
  ]);
  expect(ask(12, "messages.history", { chat_id: 2 })).toMatchObject([
    { id: 12, result: { messages: [{ id: 6 }, { id: 5 }] } },
  ]);
  expect(ask(13, "send")).toMatchObject([{ id: 13, error: { code: -32603 } }]);
  expect(ask(14, "tapback")).toMatchObject([{ id: 14, error: { code: -32601 } }]);
});

it("takes no file of another form", () => {
  expect(() => new Replay('{"format":"other"}')).toThrow("no recording");
});
