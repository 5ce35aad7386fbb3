import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AgentDefinition, createAgent } from "../../../src/agents/index.js";
import { messageOf, systemClock, TapbackError } from "../../../src/platform/index.js";
import { fakeMessage, fakeTurn, runTurn } from "../../support/agent-turn.js";
import { isAlive, until } from "../../support/process-alive.js";

let folder: string;
let workspace: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-command-")));
  workspace = join(folder, "workspace");
  mkdirSync(workspace);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An agent whose program is a shell script or, with `output: "jsonl"`, a Node script. */
function agentOf(script: string, more: Partial<AgentDefinition["runtime"]> = {}) {
  const jsonl = "output" in more && more.output === "jsonl";
  const program = jsonl
    ? { command: process.execPath, args: ["-e", script] }
    : { command: "sh", args: ["-c", script] };
  const runtime = { type: "command", ...program, ...more } as AgentDefinition["runtime"];
  return createAgent(
    { id: "main", workspace, runtime },
    { env: process.env, home: folder, clock: systemClock, random: Math.random, zone: "UTC" },
  );
}

async function failure(running: Promise<unknown>): Promise<TapbackError> {
  const error = await running.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ name: "TapbackError" });
  return error;
}

const read = (file: string) => readFileSync(join(workspace, file), "utf8");

describe("command agent, text", () => {
  it("sends nothing of what it thinks", async () => {
    const ran = await runTurn(await agentOf("echo '<think>They greet.</think>'; echo Hello"), fakeTurn("hi"));
    expect(ran.text).toBe("Hello");
    const silent = await runTurn(await agentOf("echo '**No_Reply**.'"), fakeTurn("hi"));
    expect(silent.events.filter(({ type }) => type === "text")).toEqual([]);
  });

  it("gets the envelope as one line and answers with its output", async () => {
    const turn = fakeTurn("line one\nline two \u2028 three");
    const ran = await runTurn(await agentOf("cat > in.json; printf ' Hello\\nthere \\n\\n'"), turn);
    expect(ran.text).toBe("Hello\nthere");
    expect(read("in.json").split("\n")).toHaveLength(2);
    expect(JSON.parse(read("in.json"))).toEqual(turn.envelope);
  });

  it("knows its session and turn, and the environment of the configuration", async () => {
    const agent = await agentOf('printf "%s|%s|%s|%s" "$TAPBACK_SESSION" "$TAPBACK_TURN" "$COLOUR" "$PATH"', {
      env: { COLOUR: "red" },
    } as never);
    const turn = fakeTurn("x");
    expect((await runTurn(agent, turn)).text).toBe(
      `agent:main:main|${turn.envelope.turnId}|red|${process.env.PATH}`,
    );
  });

  it("says nothing for empty output, and keeps stderr as a note", async () => {
    const ran = await runTurn(await agentOf("echo careful >&2; echo '  '"), fakeTurn("x"));
    expect(ran.text).toBe("");
    expect(ran.notes).toEqual(["stderr: careful"]);
  });

  it("does not pass text of the chat to a shell", async () => {
    const ran = await runTurn(
      await agentOf("cat >/dev/null; echo ok"),
      fakeTurn("$(touch pwned); `touch pwned`"),
    );
    expect(ran.text).toBe("ok");
    expect(existsSync(join(workspace, "pwned"))).toBe(false);
  });

  it("need not read its input", async () => {
    expect((await runTurn(await agentOf("echo early"), fakeTurn("x".repeat(500_000)))).text).toBe("early");
  });

  it("fails with the exit code, and keeps stderr for the operator, bounded", async () => {
    const running = runTurn(
      await agentOf("echo half; head -c 100000 /dev/zero | tr '\\0' x >&2; echo why >&2; exit 3"),
      fakeTurn("x"),
    );
    const error = await failure(running);
    expect(error.code).toBe("AGENT_EXIT");
    expect(error.message).toMatch(/exit code 3/);
    expect(messageOf(error.cause)).toMatch(/why$/);
    expect(messageOf(error.cause).length).toBeLessThan(4200);
  });

  it("speaks of stderr only where there was some", async () => {
    const quiet = await failure(runTurn(await agentOf("exit 3"), fakeTurn("x")));
    expect(quiet.hint).toMatch(/^It wrote nothing to stderr; run it by hand/);
    const loud = await failure(runTurn(await agentOf("echo why >&2; exit 3"), fakeTurn("x")));
    expect(loud.hint).toMatch(/^Its stderr, in the log, says why/);
  });

  it.each([
    ["bytes that are no UTF-8", "printf 'Gr\\374\\337e'"],
    ["half a character", "printf 'Gr\\303'"],
    ["a NUL", "printf 'PK\\003\\004\\000\\000'"],
  ])("fails on %s", async (_what, script) => {
    expect(await failure(runTurn(await agentOf(script), fakeTurn("x")))).toMatchObject({
      code: "AGENT_OUTPUT",
      hint: expect.stringMatching(/UTF-8/),
    });
  });

  it("fails when it is killed", async () => {
    expect((await failure(runTurn(await agentOf("kill -SEGV $$"), fakeTurn("x")))).message).toMatch(
      /SIGSEGV/,
    );
  });

  it("tells a missing program from a missing folder", async () => {
    const missing = await agentOf("", { command: "no-such-program-here" } as never);
    expect((await failure(runTurn(missing, fakeTurn("x")))).code).toBe("AGENT_NOT_FOUND");
    const nowhere = await agentOf("echo x", { cwd: "no/such/folder" } as never);
    expect((await failure(runTurn(nowhere, fakeTurn("x")))).code).toBe("AGENT_CWD");
    writeFileSync(join(workspace, "plain.txt"), "");
    const plain = await agentOf("", { command: "./plain.txt" } as never);
    expect((await failure(runTurn(plain, fakeTurn("x")))).code).toBe("AGENT_START");
  });

  it("is cut off when it writes without end", async () => {
    const error = await failure(runTurn(await agentOf("yes"), fakeTurn("x")));
    expect(error.code).toBe("AGENT_OUTPUT");
  });

  it("ends on abort with everything that it started, also what ignores SIGTERM", async () => {
    const agent = await agentOf(
      "(trap '' TERM; sleep 100 & echo $! > grandchild; wait) & trap '' TERM; sleep 100; sleep 100",
    );
    const abort = new AbortController();
    const running = failure(runTurn(agent, fakeTurn("x"), abort.signal));
    await until(
      "it has started",
      () => existsSync(join(workspace, "grandchild")) && read("grandchild") !== "",
    );
    abort.abort(new TapbackError("AGENT_TIMEOUT", "too late"));
    expect((await running).code).toBe("AGENT_TIMEOUT");
    await until("the grandchild is gone", () => !isAlive(Number(read("grandchild"))));
  });

  it("ends on abort with the reason, also what left its process group", { tags: ["long"] }, async () => {
    const script = `const child = require("child_process").spawn("sleep", ["100"], { detached: true, stdio: "ignore" });
      require("fs").writeFileSync("detached", String(child.pid)); setInterval(() => {}, 1000);`;
    const agent = await agentOf("", { command: process.execPath, args: ["-e", script] } as never);
    const abort = new AbortController();
    const running = runTurn(agent, fakeTurn("x"), abort.signal);
    await until("it has started", () => existsSync(join(workspace, "detached")) && read("detached") !== "");
    const pid = Number(read("detached"));
    expect(isAlive(pid)).toBe(true);
    abort.abort(new Error("stopped by /stop"));
    await expect(running).rejects.toThrow("stopped by /stop");
    await until("the detached grandchild is gone", () => !isAlive(pid));
  });

  it("is not held up by a grandchild that keeps stdout open", async () => {
    const ran = await runTurn(await agentOf("sleep 100 & echo $! > holder; echo done"), fakeTurn("x"));
    expect(ran.text).toBe("done");
    await until("the holder is gone", () => !isAlive(Number(read("holder"))));
  });

  it("ends when the turn is left early", async () => {
    const agent = await agentOf(
      `console.log('{"type":"text","text":"first"}'); require("fs").writeFileSync("left", String(process.pid)); setInterval(() => {}, 1000)`,
      { output: "jsonl" } as never,
    );
    for await (const event of agent.run(fakeTurn("x"), new AbortController().signal)) {
      expect(event).toEqual({ type: "text", text: "first" });
      await until("it wrote its id", () => existsSync(join(workspace, "left")));
      break;
    }
    expect(isAlive(Number(read("left")))).toBe(false);
  });
});

describe("command agent, jsonl", () => {
  const jsonl = { output: "jsonl" } as never;
  /** A program that reads lines and answers by `on(line)`, `first` for the envelope. */
  const program = (body: string) => `
    const say = (event) => process.stdout.write(JSON.stringify(event) + "\\n");
    let rest = "", seen = 0;
    process.stdin.on("data", (chunk) => {
      rest += chunk; const lines = rest.split("\\n"); rest = lines.pop();
      for (const line of lines) on(JSON.parse(line), seen++);
    });
    const on = (line, index) => { ${body} };`;

  it("gives text as it comes, with a late half line", async () => {
    const script = `process.stdout.write('{"type":"text","te'); setTimeout(() => process.stdout.write('xt":"é\u2028one"}\\n{"type":"text","text":"two"}'), 50)`;
    const ran = await runTurn(await agentOf(script, jsonl), fakeTurn("x"));
    expect(ran.events).toEqual([
      { type: "text", text: "é\u2028one" },
      { type: "text", text: "two" },
    ]);
  });

  it("has given its blocks by the time it fails: what was sent of them stays sent", async () => {
    const script = `console.log('{"type":"text","text":"one"}\\n{"type":"text","text":"two"}'); process.exitCode = 1`;
    const given: unknown[] = [];
    const events = (await agentOf(script, jsonl)).run(fakeTurn("x"), new AbortController().signal);
    await expect(async () => {
      for await (const event of events) given.push(event);
    }).rejects.toMatchObject({ name: "TapbackError" });
    expect(given).toEqual([
      { type: "text", text: "one" },
      { type: "text", text: "two" },
    ]);
  });

  it("tells what it cost, and refuses a count that is none", async () => {
    const usage = { type: "usage", model: "local/small", inputTokens: 12, outputTokens: 3 };
    const said = (event: object) => `process.stdout.write('${JSON.stringify(event)}\\n{"type":"end"}\\n')`;
    const ran = await runTurn(await agentOf(said(usage), jsonl), fakeTurn("x"));
    expect(ran.events).toEqual([{ ...usage, cachedInputTokens: 0 }]);
    const odd = agentOf(said({ ...usage, inputTokens: -1 }), jsonl);
    expect(await failure(runTurn(await odd, fakeTurn("x")))).toMatchObject({ code: "AGENT_OUTPUT" });
  });

  it("has its actions answered on stdin", async () => {
    const script = program(`
      if (index === 0) { say({ type: "action", id: 1, action: "react", emoji: "love", messageId: line.messages[0].sid }); say({ type: "action", id: "b", action: "edit" }); }
      else { say({ type: "text", text: JSON.stringify(line) }); if (index === 2) say({ type: "end" }); }`);
    const turn = fakeTurn("x", { failAction: "edit" });
    const ran = await runTurn(await agentOf(script, jsonl), turn);
    expect(turn.acted).toEqual([
      { action: "react", parameters: { emoji: "love", messageId: "7k" } },
      { action: "edit", parameters: {} },
    ]);
    expect(ran.events.map((event) => event.type === "text" && JSON.parse(event.text))).toEqual([
      { type: "result", id: 1, ok: true, value: { guid: "A1" } },
      {
        type: "result",
        id: "b",
        ok: false,
        error: { code: "BRIDGE_UNAVAILABLE", message: "secret cause. Run `imsg launch`." },
      },
    ]);
  });

  it("schedules and reads the past by actions too", async () => {
    const script = program(`
      const action = { type: "action", action: "schedule" };
      if (index === 0) {
        say({ ...action, id: 1, do: "add", text: "cook", repeat: "0 17 * * *", turn: true });
        say({ ...action, id: 2, do: "list" });
        say({ ...action, id: 3, do: "cancel", scheduleId: "s1" });
        say({ ...action, id: 4, do: "add", text: "cook", at: "later" });
        say({ type: "action", id: 5, action: "history", query: "hi" });
      }
      else { say({ type: "text", text: JSON.stringify(line) }); if (index === 5) say({ type: "end" }); }`);
    const history = {
      recent: async () => [],
      search: async () => [{ sender: "me", text: "hi", sentAt: "then" }],
    };
    const turn = { ...fakeTurn("x"), history };
    const ran = await runTurn(await agentOf(script, jsonl), turn);
    const when = {
      id: "s1",
      at: "2026-05-09T17:00:00.000Z",
      onTheClock: "2026-05-09 17:00 (UTC)",
      repeat: "0 17 * * *",
    };
    expect(ran.events.map((event) => event.type === "text" && JSON.parse(event.text))).toEqual([
      { type: "result", id: 1, ok: true, value: when },
      { type: "result", id: 2, ok: true, value: [{ ...when, text: "cook", turn: true }] },
      { type: "result", id: 3, ok: true, value: { cancelled: true } },
      { type: "result", id: 4, ok: false, error: { code: "ACTION_PARAMETERS", message: expect.any(String) } },
      { type: "result", id: 5, ok: true, value: [{ sender: "me", text: "hi", sentAt: "then" }] },
    ]);
    expect(turn.acted).toEqual([]);
  });

  it("ends by its end event, also when it then hangs", { tags: ["long"] }, async () => {
    const script = program(
      `say({ type: "text", text: "bye" }); say({ type: "end" }); say({ type: "text", text: "late" }); setInterval(() => {}, 1000)`,
    );
    const ran = await runTurn(await agentOf(script, jsonl), fakeTurn("x"));
    expect(ran.text).toBe("bye");
    expect(ran.notes.join()).toMatch(/did not end/);
  });

  it("passes over stray prints and unknown events, and says so", async () => {
    const script = `console.log("DEBUG hi"); console.log('{"type":"progress"}'); console.log('{"type":"text","text":"ok"}')`;
    const ran = await runTurn(await agentOf(script, jsonl), fakeTurn("x"));
    expect(ran.text).toBe("ok");
    expect(ran.notes).toEqual([
      "not an event: DEBUG hi",
      'an event of the unknown type "progress" was passed over',
    ]);
  });

  it("says nothing where it says so by an event", async () => {
    const ran = await runTurn(await agentOf(`console.log('{"type":"end"}')`, jsonl), fakeTurn("x"));
    expect(ran.events).toEqual([]);
  });

  it.each([
    ["nothing", ""],
    ["plain text", `console.log("Hello")`],
  ])("fails when it prints %s instead of events", async (_what, script) => {
    expect(await failure(runTurn(await agentOf(script, jsonl), fakeTurn("x")))).toMatchObject({
      code: "AGENT_OUTPUT",
      hint: expect.stringContaining('{"type":"end"}'),
    });
  });

  it("is told which files it may not send, before the answers to what it did after that", async () => {
    const script = program(`
      if (index === 0) { say({ type: "text", media: ["../secret.txt"] }); say({ type: "action", id: 1, action: "react" }); }
      else { say({ type: "text", text: JSON.stringify(line) }); if (index === 2) say({ type: "end" }); }`);
    writeFileSync(join(folder, "secret.txt"), "x");
    const ran = await runTurn(await agentOf(script, jsonl), fakeTurn("x"));
    expect(ran.events.flatMap((event) => (event.type === "text" ? [JSON.parse(event.text)] : []))).toEqual([
      {
        type: "refused",
        path: "../secret.txt",
        error: { code: "FILE_REFUSED", message: expect.stringMatching(/may not send .*temporary folder/) },
      },
      expect.objectContaining({ type: "result", id: 1, ok: true }),
    ]);
  });

  it.each([
    ["binary output", `process.stdout.write(Buffer.from([0x80, 0xff, 0x0a])); console.log('{"type":"end"}')`],
    [
      "half a character at its end",
      `process.stdout.write(Buffer.from('{"type":"end"}\\n\\u00e9').subarray(0, -1))`,
    ],
    ["a broken event", `console.log('{"type":"text","text":5}'); setInterval(() => {}, 1000)`],
    ["a cut line", `process.stdout.write('{"type":"text","text":"half')`],
    [
      "a line without end",
      `const x = "x".repeat(65536); const more = () => process.stdout.write(x, more); more()`,
    ],
  ])("fails on %s", async (_what, script) => {
    expect((await failure(runTurn(await agentOf(script, jsonl), fakeTurn("x")))).code).toBe("AGENT_OUTPUT");
  });

  it("sends files only from where it may", async () => {
    const temporaryFolder = join(folder, "turn");
    mkdirSync(temporaryFolder);
    const attachment = join(folder, "photo.jpg");
    const secret = join(folder, "secret.txt");
    for (const path of [attachment, secret, join(workspace, "mine.png"), join(temporaryFolder, "made.pdf")])
      writeFileSync(path, "x");
    symlinkSync(secret, join(workspace, "link.txt"));
    const media = [
      "mine.png",
      join(temporaryFolder, "made.pdf"),
      attachment,
      secret,
      "link.txt",
      "../secret.txt",
      "none.txt",
      ".",
    ];
    const script = `console.log(JSON.stringify({ type: "text", text: "files", media: ${JSON.stringify(media)} }))`;
    const attachments = [{ path: attachment, name: "photo.jpg", mimeType: "image/jpeg", bytes: 1 }];
    const turn = fakeTurn("x", {
      temporaryFolder,
      envelope: { messages: [fakeMessage("x", { attachments })] },
    });
    const ran = await runTurn(await agentOf(script, jsonl), turn);
    expect(ran.media).toEqual([join(workspace, "mine.png"), join(temporaryFolder, "made.pdf"), attachment]);
    expect(ran.notes).toHaveLength(5);
  });
});
