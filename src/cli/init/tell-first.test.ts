import { expect, it, vi } from "vitest";
import type { Enrolment, OutboxItem } from "../../store/index.js";
import { tellFirst } from "./tell-first.js";

it("takes what was sent before, or for another account, for no answer to the first message", async () => {
  const sent = (id: number, account: string) =>
    ({ id, account, turnId: `t${id}`, state: "delivered" }) as OutboxItem;
  const outbox = [sent(7, "default")];
  let enrolled: Partial<Enrolment> = { state: "open" };
  const list = vi.fn(async ({ account, limit }: { account?: string; limit: number }) =>
    outbox.filter((item) => item.account === account).slice(0, limit),
  );
  const store = { outbox: { list }, enrolment: { last: async () => enrolled as Enrolment } };
  const said: string[] = [];
  const signal = new AbortController().signal;
  const over = tellFirst(store, "default", { say: (line) => said.push(line), signal });
  const looks = (more: number) => {
    const asked = list.mock.calls.length;
    return vi.waitUntil(() => list.mock.calls.length >= asked + more, { timeout: 20_000 });
  };
  await vi.waitUntil(() => list.mock.calls.length === 1);
  enrolled = { state: "used", handle: "+15550100123" };
  await looks(2);
  outbox.unshift(sent(8, "work"));
  await looks(2);
  expect(said).toEqual([expect.stringContaining("Let in +15550100123")]);
  outbox.unshift(sent(9, "default"));
  await over;
  expect(said[1]).toContain("Answered your first message");
});
