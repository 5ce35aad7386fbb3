import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { TapbackError } from "../../platform/index.js";
import { ChannelLink, type LinkParts } from "./link.js";

type Answer = { result: unknown } | Error | undefined;

/** A gateway that answers as the test says; questions for what is new stay open until then. */
function bench() {
  const clock = new FakeClock();
  const pushed: string[] = [];
  const verdicts: unknown[] = [];
  const asked: { method: string; parameters: unknown }[] = [];
  const answers: Record<string, Answer[]> = {};
  const open: ((answer: Answer) => void)[] = [];
  const given = (answer: Answer) => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const parts = {
    clock,
    place: { chat: "chat_id:7" },
    client: {
      push: async (content: string) => void pushed.push(content),
      decide: async (...verdict: unknown[]) => void verdicts.push(verdict),
    },
    note: () => {},
    ask: async (method: string, parameters: unknown) => {
      asked.push({ method, parameters });
      const next = answers[method]?.shift();
      if (next !== undefined || answers[method] !== undefined) return given(next);
      if (method === "channel.attach")
        return { result: { attachment: `a${asked.length}`, agent: "live", chat: null, replaced: false } };
      return given(await new Promise<Answer>((resolve) => open.push(resolve)));
    },
  } as unknown as LinkParts;
  const link = new ChannelLink(parts);
  const left = new AbortController();
  const run = link.run(left.signal);
  run.catch(() => {});
  const count = (method: string) => asked.filter((each) => each.method === method).length;
  /** Answers the question that is open. */
  const tell = async (answer: Answer) => {
    await clock.advanceUntil(() => open.length > 0);
    open.shift()!(answer);
    await clock.advance(0);
  };
  return { clock, link, run, tell, pushed, verdicts, asked, answers, count };
}

const push = (turnId: string, content = `push of ${turnId}`) => ({ type: "push", content, meta: {}, turnId });
const lost = new TapbackError("GATEWAY_LOST", "it ended");
const reply = { turn_id: "t1", text: "yes" };

it("attaches again when the gateway comes back, and does not push again what is in hand", async () => {
  const { clock, tell, pushed, link, answers, count } = bench();
  await tell({ result: [push("t1"), push("t2")] });
  answers["channel.attach"] = [undefined, undefined];
  await tell(lost);
  await clock.advance(1500);
  expect(count("channel.attach")).toBe(3);
  delete answers["channel.attach"];
  await clock.advance(1000);
  expect(count("channel.attach")).toBe(4);
  await tell({ result: [push("t1"), push("t3")] });
  expect(pushed).toEqual(["push of t1", "push of t2", "push of t3"]);
  // What was answered, or taken back, is new when it comes once more.
  answers["channel.reply"] = [{ result: { text: "Sent.", isError: false } }];
  await link.call("reply", reply);
  await tell({ result: [{ type: "push", content: "over", meta: { over: "t2" } }] });
  await tell({ result: [push("t1"), push("t2"), push("t3")] });
  expect(pushed.slice(3)).toEqual(["over", "push of t1", "push of t2"]);
});

it.each(["CHANNEL_EARLY", "CHANNEL_OVER"] as const)(
  "takes what a gateway that was started anew pushes after it refused it with %s",
  async (code) => {
    const { tell, pushed, link, answers } = bench();
    await tell({ result: [push("t1"), push("t2"), push("t3")] });
    answers["channel.reply"] = [new TapbackError(code, "not now")];
    answers["channel.tool"] = [new TapbackError(code, "not now")];
    await expect(link.call("reply", reply)).rejects.toMatchObject({ code });
    await expect(link.call("history", { turn_id: "t3" })).rejects.toMatchObject({ code });
    await tell({ result: [push("t1"), push("t2"), push("t3")] });
    expect(pushed.slice(3)).toEqual(["push of t1", "push of t3"]);
  },
);

it("asks again with an answer of which nobody knows what became, and gives up after some time", async () => {
  const { clock, link, answers, asked, tell } = bench();
  await tell({ result: [push("t1")] });
  answers["channel.reply"] = [lost, undefined, { result: { text: "Sent.", isError: false } }];
  const told = link.call("reply", reply);
  await clock.advance(3000);
  expect(await told).toEqual({ text: "Sent.", isError: false });
  const sent = asked.filter(({ method }) => method === "channel.reply").map(({ parameters }) => parameters);
  expect(sent).toHaveLength(3);
  expect(sent[2]).toMatchObject({ turnId: "t1", text: "yes", files: [] });
  answers["channel.attach"] = [];
  await tell(undefined);
  const vain = expect(link.call("reply", reply)).rejects.toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  await clock.advance(30_000);
  await vain;
});

it("passes on what the gateway refuses, and what a call lacks", async () => {
  const { link, answers, tell } = bench();
  await tell({ result: [] });
  answers["channel.reply"] = [new TapbackError("CHANNEL_OVER", "over")];
  answers["channel.tool"] = [{ result: { text: "3 messages", isError: false } }];
  await expect(link.call("reply", reply)).rejects.toMatchObject({ code: "CHANNEL_OVER" });
  for (const wrong of [{ text: "x" }, { turn_id: "t1", text: 5 }, { turn_id: "t1", text: "x", files: [1] }])
    await expect(link.call("reply", wrong)).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  expect(await link.call("history", { turn_id: "t1", limit: 3 })).toMatchObject({ text: "3 messages" });
});

it("denies what was asked of an owner when the gateway ends, or another session takes the place", async () => {
  const { link, tell, verdicts, answers } = bench();
  const request = (requestId: string) => ({ requestId, tool: "Bash", description: "", preview: "" });
  answers["channel.permission"] = [true, false, true].map((asked) => ({ result: { asked } }));
  await tell({ result: [] });
  // The second one is left to whoever sits at the session.
  await link.permission(request("asked"));
  await link.permission(request("left"));
  await tell(lost);
  expect(verdicts).toEqual([["asked", false]]);
  await tell({ result: [] });
  await link.permission(request("again"));
  await tell({ result: [{ type: "end" }] });
  expect(verdicts.slice(1)).toEqual([["again", false]]);
});

it("stops when another session took the place, and refuses every call from then on", async () => {
  const { run, link, tell, pushed, verdicts, count } = bench();
  await tell({
    result: [
      { type: "verdict", requestId: "abcde", allow: true },
      { type: "push", content: "replaced", meta: {} },
      { type: "end" },
    ],
  });
  await run;
  expect(verdicts).toEqual([["abcde", true]]);
  expect(pushed).toEqual(["replaced"]);
  await expect(link.call("reply", reply)).rejects.toMatchObject({ code: "CHANNEL_REPLACED" });
  expect(count("channel.attach")).toBe(1);
});

it("ends with why it cannot be attached at all", async () => {
  const { clock, run, answers, tell } = bench();
  answers["channel.attach"] = [new TapbackError("CHANNEL_CHAT", "say which")];
  await tell(new TapbackError("CHANNEL_DETACHED", "unknown"));
  await clock.advance(1000);
  await expect(run).rejects.toMatchObject({ code: "CHANNEL_CHAT" });
});
