import { expect, it } from "vitest";
import type { AgentEvent } from "../contract.js";
import { EventQueue } from "../event-queue.js";
import { UpdateReader } from "./updates.js";

it("keeps of a piece that is too long what fits, and says so", async () => {
  const queue = new EventQueue();
  const updates = new UpdateReader(queue, {} as ConstructorParameters<typeof UpdateReader>[1], undefined);
  for (const text of ["start ", "x".repeat(2_000_000), "end"])
    updates.take({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
  await updates.end();
  queue.end();
  const events: AgentEvent[] = [];
  for await (const event of queue) events.push(event);
  const said = events.flatMap((event) => (event.type === "text" ? [event.text] : []));
  expect(said.map((text) => text.length)).toEqual([1_000_000]);
  expect(said[0]!.startsWith("start x")).toBe(true);
  expect(events[0]).toMatchObject({ type: "note", text: expect.stringContaining("left out") });
});
