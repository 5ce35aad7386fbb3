import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { ApiClient } from "./client.js";

let clock: FakeClock;
let stop: AbortController;
let log: string[];
let client: ApiClient;
/** What the gateway answers from now on; undefined while it cannot be reached. */
let answer: { status: number; body: object } | undefined;
let asked: number;

beforeEach(() => {
  clock = new FakeClock();
  stop = new AbortController();
  [log, answer, asked] = [[], undefined, 0];
  client = new ApiClient({
    ...{ url: "http://127.0.0.1:1", token: "token", clock, signal: stop.signal },
    log: (what) => void log.push(what),
  });
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
    asked++;
    if (answer === undefined) throw new TypeError("fetch failed");
    return new Response(JSON.stringify(answer.body), { status: answer.status });
  });
});
afterEach(() => void vi.restoreAllMocks());

const post = { body: { text: "Hi" }, key: "key" };
/** How a request ended: what it gave, or the code of its error; undefined while it goes on. */
function ended(work: Promise<unknown>): () => unknown {
  let end: unknown;
  work.then(
    (given) => (end = given),
    (error) => (end = error.code),
  );
  return () => end;
}
const problem = (status: number, code: string) => ({ status, body: { code, detail: code } });

it("posts on until the gateway is there again, and says once that it waits", async () => {
  const end = ended(client.ask("/v1/messages", post));
  await clock.advance(20 * 60_000);
  expect([end(), log.length]).toEqual([undefined, 1]);
  expect(log[0]).toContain("cannot be reached");
  for (const away of [problem(503, "STORE_UNAVAILABLE"), problem(429, "RATE_LIMITED")]) {
    answer = away;
    await clock.advance(120_000);
    expect(end()).toBeUndefined();
  }
  answer = { status: 200, body: { state: "stored" } };
  await clock.advance(15_000);
  expect([end(), log.length]).toEqual([{ state: "stored" }, 1]);
});

it("ends a post that waits with the bot", async () => {
  const end = ended(client.ask("/v1/messages", post));
  await clock.advance(120_000);
  stop.abort();
  await clock.advance(0);
  expect(end()).toBe("API_UNREACHABLE");
});

it.each([
  ["a read of a gateway that is away", undefined, false, "API_UNREACHABLE", 6],
  ["a post that the gateway has a fault with", problem(500, "FAILED"), true, "FAILED", 6],
  ["a post of an account that is off", problem(503, "ACCOUNT_STOPPED"), true, "ACCOUNT_STOPPED", 6],
  ["a post that is refused", problem(403, "RECIPIENT_REFUSED"), true, "RECIPIENT_REFUSED", 1],
])("gives up %s", async (_, given, isPost, code, times) => {
  answer = given;
  const end = ended(client.ask("/v1/messages", isPost ? post : undefined));
  await clock.advance(60_000);
  expect([end(), asked, log]).toEqual([code, times, []]);
});
