import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import type { Agent, AgentEvent } from "../contract.js";
import { spoken } from "./spoken.js";

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-spoken-")));
  mkdirSync(join(folder, "desk"));
  writeFileSync(join(folder, "desk/chart.png"), "x");
  writeFileSync(join(folder, "secret.png"), "x");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function heard(...events: AgentEvent[]): Promise<AgentEvent[]> {
  const agent = {
    async *run() {
      yield* events;
    },
    reset: async () => {},
    close: async () => {},
  };
  const all: AgentEvent[] = [];
  const running = spoken(agent, join(folder, "desk"), folder).run(
    fakeTurn("hi"),
    new AbortController().signal,
  );
  for await (const event of running) all.push(event);
  return all;
}
const text = (words: string): AgentEvent => ({ type: "text", text: words });

it("lets words, files and threads through, and nothing else", async () => {
  const chart = join(folder, "desk/chart.png");
  expect(await heard(text("<think>a</think>NO_REPLY"), text("Hello"))).toEqual([text("Hello")]);
  expect(await heard(text("<think>a"), text("b</think>\nHello"))).toEqual([text("Hello")]);
  expect(await heard(text("[[reply_to:7k]]Look\nMEDIA:chart.png"))).toEqual([
    { type: "text", text: "Look", media: [chart], replyTo: { id: "7k" } },
  ]);
  expect(await heard(text("MEDIA:~/desk/chart.png"))).toEqual([{ type: "text", text: "", media: [chart] }]);
  expect(await heard({ type: "text", text: "", media: [chart] })).toEqual([
    { type: "text", text: "", media: [chart] },
  ]);
});

it("sends no file from elsewhere, and does not name it", async () => {
  for (const path of [join(folder, "secret.png"), "../secret.png", "~/secret.png", "/etc/passwd"])
    expect(await heard(text(`Here\nMEDIA:${path}`))).toEqual([
      { type: "note", text: expect.stringContaining("FILE_REFUSED") },
      text("Here"),
    ]);
});

it("fails a turn whose answer is a web page", async () => {
  for (const page of [
    "<!DOCTYPE html><p>Login",
    "  <html lang=en>",
    '<?xml version="1.0"?>\n<html>',
    "<!-- a --><head>",
  ])
    await expect(heard(text(page))).rejects.toMatchObject({ code: "AGENT_OUTPUT" });
  for (const words of ["<header>", "```html\n<!DOCTYPE html>\n```", "A page starts with <html>"])
    expect(await heard(text(words))).toEqual([text(words)]);
});

it("takes out the frame of a message that was written during the turn", async () => {
  const { envelope } = fakeTurn("only at otters");
  const frame = '<message from="Mia">\nonly at otters\n</message>';
  const agent: Agent = {
    canSteer: true,
    async *run({ steering }) {
      await steering!.next();
      yield text(`${frame}\nOtters it is.`);
    },
    reset: async () => {},
    close: async () => {},
  };
  const turn = fakeTurn("hi");
  turn.steering = {
    listen: () => {},
    next: async () => ({ envelope, taken: async () => true, refused: async () => {} }),
  };
  const events: AgentEvent[] = [];
  const wrapped = spoken(agent, join(folder, "desk"), folder);
  for await (const event of wrapped.run(turn, new AbortController().signal)) events.push(event);
  expect(events).toEqual([text("Otters it is.")]);
  expect(wrapped.canSteer).toBe(true);
});
