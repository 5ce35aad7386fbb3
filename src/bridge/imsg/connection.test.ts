import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { type RequestOptions, RpcConnection } from "./connection.js";

const hourMs = 3600_000;

function connected() {
  const clock = new FakeClock(0);
  const hung: string[] = [];
  const written: string[] = [];
  const connection = new RpcConnection(
    (line) => written.push(line) > 0,
    { notification: () => {}, hung: ({ code }) => hung.push(code), late: () => {} },
    clock,
  );
  const ask = (lane: RequestOptions["lane"]) =>
    connection
      .request("send", {}, { lane, timeoutMs: 30_000, graceMs: 10_000 })
      .catch((error: { code: string }) => error.code);
  return { clock, connection, hung, ask };
}

it.each(["mutation", "read"] as const)(
  "reads what waits on the pipe after a sleep before it gives a request up (%s)",
  async (lane) => {
    const { clock, connection, hung, ask } = connected();
    const answer = ask(lane);
    await clock.advance(29_000);
    await clock.jump(hourMs);
    expect(connection.waitingSince).toBe(clock.now());
    // Both timers of it would have gone off by now.
    await clock.jump(hourMs);
    connection.receive('{"jsonrpc":"2.0","id":1,"result":{"ok":true}}');
    expect(await answer).toEqual({ ok: true });
    expect(hung).toEqual([]);
    expect(clock.waiting).toBe(0);
  },
);

it("still finds after a sleep that nothing answers", async () => {
  const { clock, hung, ask } = connected();
  const answer = ask("read");
  await clock.jump(hourMs);
  await clock.advance(20_000);
  expect(await answer).toBe("REQUEST_TIMEOUT");
  expect(hung).toEqual(["CHILD_HUNG"]);
});
