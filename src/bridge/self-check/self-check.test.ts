import { describe, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import type { ProgramRun } from "../../platform/index.js";
import { BridgeError } from "../error.js";
import { askMessages } from "./ask-messages.js";
import type { RunTool } from "./run-tool.js";
import { selfCheck } from "./self-check.js";

const ended = (stdout: string, exitCode = 0, stderr = ""): ProgramRun => ({
  state: "ended",
  exitCode,
  stdout,
  stderr,
});

/** A tool that answers so, one answer after the other. */
function tool(...answers: ProgramRun[]): { run: RunTool; asked: string[][] } {
  const asked: string[][] = [];
  const run = (async (...[name, args]: Parameters<RunTool>) => {
    asked.push([name, ...args]);
    return answers.shift()!;
  }) as RunTool;
  return { run, asked };
}

describe("what Messages answers to this process (behaviour 13.1)", () => {
  it.each<[string, ProgramRun[], object]>([
    [
      "it may be controlled, and is signed in",
      [ended("12\n"), ended("1\n")],
      { state: "answered", words: "", signedIn: true },
    ],
    ["nobody is signed in", [ended("0\n"), ended("0\n")], { state: "answered", signedIn: false }],
    ["it does not tell who is", [ended("12\n"), ended("x\n")], { state: "answered", signedIn: null }],
    ["it does not say who is", [ended("12\n"), ended("1\n", 1)], { state: "answered", signedIn: null }],
    ["it does not run", [ended("closed\n")], { state: "closed", signedIn: null }],
    ["it went meanwhile", [ended("", 1, "x (-600)")], { state: "closed", words: "x (-600)" }],
    [
      "macOS refuses",
      [ended("", 1, "a\nnot authorised (-1743)")],
      { state: "refused", words: "not authorised (-1743)" },
    ],
    ["a prompt waits", [{ state: "timeout" }], { state: "waiting" }],
    ["it took too long", [ended("", 1, "timed out (-1712)")], { state: "waiting" }],
    ["it fails", [ended("", 1, "other (-1)")], { state: "failed", words: "other (-1)" }],
    [
      "there is no tool",
      [{ state: "failed", error: new Error("x") }],
      { state: "failed", words: "osascript could not be run" },
    ],
  ])("%s", async (_, answers, wanted) => {
    const { run, asked } = tool(...answers);
    expect(await askMessages(run, 100)).toMatchObject(wanted);
    expect(asked[0]![0]).toBe("osascript");
    expect(asked).toHaveLength(answers.length);
  });
});

describe("what macOS lets a process do", () => {
  const account = (id: string, look: (work: (reader: object) => unknown) => unknown) =>
    ({ id, look, addresses: async () => ["+15550100999"] }) as never;
  const reader = { chats: async () => [{ id: 1, lastMessageAt: 5000 }], history: async () => [] };

  it("is told of each database, of Messages and of the network", async () => {
    const clock = new FakeClock();
    const refused = new BridgeError("PERMISSION_FULL_DISK_ACCESS", "no", {
      disposition: "not_sent",
      hint: "Permit it.",
    });
    const { run } = tool(ended("closed\n"));
    const [one, two] = [
      { host: "10.0.0.1", port: 1 },
      { host: "10.0.0.2", port: 2 },
    ] as never[];
    const check = selfCheck(
      {
        ...{ run, clock, endpoints: [one!, two!] },
        reach: async ({ port }) => (port === 2 ? "EHOSTUNREACH" : undefined) as never,
        accounts: [
          account("good", async (work) => work(reader)),
          account("refused", async () => Promise.reject(refused)),
          account("odd", async () => Promise.reject(new Error("odd"))),
          account("slow", () => new Promise(() => {})),
        ],
      },
      2000,
    );
    let isDone = false;
    void check.then(() => {
      isDone = true;
    });
    await clock.advanceUntil(() => isDone, 2000);
    const found = await check;
    expect(found.pid).toBe(process.pid);
    expect(found.messages?.state).toBe("closed");
    expect(found.network.map(({ code }) => code)).toEqual([null, "EHOSTUNREACH"]);
    const none = { ownAddress: null, newestAt: null, remedy: null, code: null };
    expect(found.databases).toEqual([
      {
        ...none,
        id: "good",
        ok: true,
        detail: "the Messages database is readable",
        ownAddress: "+15550100999",
        newestAt: 5000,
      },
      {
        ...none,
        id: "refused",
        ok: false,
        detail: "no",
        code: "PERMISSION_FULL_DISK_ACCESS",
        remedy: "Permit it.",
      },
      { ...none, id: "odd", ok: false, detail: "odd" },
      {
        ...none,
        id: "slow",
        ok: false,
        detail: "imsg did not answer within 2 s",
        remedy: expect.stringContaining("dialog"),
      },
    ]);
    expect(clock.waiting).toBe(0);
  });

  it("asks Messages nothing where no account is on this machine", async () => {
    const { run, asked } = tool();
    const deps = { run, clock: new FakeClock(), endpoints: [], accounts: [], reach: async () => undefined };
    expect(await selfCheck(deps as never, 100)).toMatchObject({ messages: null, databases: [], network: [] });
    expect(asked).toEqual([]);
  });
});
