import { afterEach, expect, it, vi } from "vitest";
import { askedAgain, get, post, query, type Refused } from "../../console/src/state/ask.js";
import { Writing } from "../../console/src/state/writing.js";

afterEach(() => vi.unstubAllGlobals());

/** What the page asked for; an answer that is undefined is lost on the way. */
function answering(...answers: (Response | undefined)[]) {
  const asked: { path: string; key: string | null; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (path: string, { headers, body }: RequestInit) => {
    const key = new Headers(headers).get("Idempotency-Key");
    asked.push({ path, key, body: body && JSON.parse(String(body)) });
    const answer = answers.shift();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer;
  });
  return asked;
}
const done = () => Response.json({});
const cutOff = () => {
  const pull = (controller: ReadableStreamDefaultController) => controller.error(new TypeError("terminated"));
  return new Response(new ReadableStream({ pull }));
};
const refusedOf = (asking: Promise<unknown>) =>
  asking.then(
    () => undefined,
    (error: Refused) => error,
  );
const chat = { account: "work", chat: "chat_id:3", guid: "iMessage;+;chat640" };

it("sends a message under one key until it was answered", async () => {
  const refusal = Response.json({ code: "STORE_FULL", detail: "full", hint: "Make room." }, { status: 503 });
  const asked = answering(undefined, cutOff(), refusal, undefined, done(), done());
  const writing = new Writing();
  const lost = { code: "GATEWAY_AWAY", hint: "Send it again: it goes out once." };
  expect(await refusedOf(writing.send(chat, "hello"))).toMatchObject(lost);
  expect(await refusedOf(writing.send(chat, "hello"))).toMatchObject(lost);
  expect(await refusedOf(writing.send(chat, "hello"))).toMatchObject({ hint: "Make room." });
  expect(await refusedOf(writing.send(chat, "another"))).toMatchObject(lost);
  await writing.send(chat, "hello");
  await writing.send(chat, "hello");
  const [first, , , another, fifth, sixth] = asked.map(({ key }) => key);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(asked.map(({ key }) => key)).toEqual([first, first, first, another, first, sixth]);
  expect(new Set([first, another, sixth]).size).toBe(3);
  expect(fifth).toBe(first);
  expect(asked[0]).toMatchObject({
    path: "/console/v1/messages",
    body: { account: "work", to: "chat_guid:iMessage;+;chat640", text: "hello" },
  });
});

it("says of what was not answered only what holds of it", async () => {
  const asked = answering();
  const read = await refusedOf(get("/v1/health"));
  expect(read?.hint).toBe("Try again in a moment.");
  expect(askedAgain(read!).hint).toBe("It is asked again by itself.");
  expect((await refusedOf(query("/v1/settings/check", { text: "{}" })))?.hint).toBe(read?.hint);
  const approved = await refusedOf(post("/v1/pairing/ABCD/admit", { notify: true }));
  expect(approved?.hint).toBe("Look whether it was done before you do it again.");
  expect(asked.map(({ key }) => key)).toEqual([null, null, null]);
});

it("tells a refusal as the gateway told it, and one in other words by its number", async () => {
  const problem = { code: "CONFIG_CHANGED", detail: "changed", hint: "Read it." };
  answering(Response.json(problem, { status: 409 }), new Response("<p>no</p>", { status: 502 }));
  const told = await refusedOf(get("/v1/settings"));
  expect(askedAgain(told!)).toMatchObject({ code: "CONFIG_CHANGED", message: "changed", hint: "Read it." });
  expect(await refusedOf(get("/v1/settings"))).toMatchObject({
    code: "FAILED",
    message: "The gateway answered 502.",
  });
});
