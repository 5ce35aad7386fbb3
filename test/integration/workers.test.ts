import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { put } from "../support/sample-files.js";
import { WorkerProcess } from "../support/worker-process.js";

const kim = "+15550100123";
const lee = "+15550100124";

/** Turns that run on other machines than their account (behaviour 21.3): one gateway and two workers on one server. */
describe.skipIf(withoutPostgres)("workers", () => {
  let server: PostgresHere;
  let lab: GatewayLab;
  let workers: WorkerProcess[];
  beforeAll(async () => {
    server = await new PostgresHere().start();
    lab = new GatewayLab({ version: "0.14.0", bridge: true }, "dist-test");
    const agent = {
      id: "main",
      workspace: join(lab.folder, "work"),
      runsOn: "workers",
      runtime: {
        type: "command",
        command: process.execPath,
        args: [join(import.meta.dirname, "../fixtures/worker-agent.mjs")],
        env: { RECORD_FILE: join(lab.folder, "ran.jsonl"), GO_FILE: join(lab.folder, "go") },
        output: "jsonl",
      },
    };
    const imessage = {
      ...{ dmPolicy: "open", allowFrom: ["*"], includeAttachments: true },
      attachmentRoots: [join(lab.folder, "Attachments")],
    };
    lab.configure(imessage, {
      store: { url: server.url() },
      agents: { list: [agent] },
      session: { dmScope: "per-peer" },
    });
    await lab.start({ ...short, WHO: "gateway" });
    workers = [await begin("one"), await begin("two")];
  });
  const short = { TAPBACK_TEST_LEASE_MS: "2000" };
  const begin = (name: string) => WorkerProcess.start(lab, name, "main", short);
  afterAll(async () => {
    await Promise.all((workers ?? []).map((worker) => worker.end("at once")));
    await lab?.close();
    await server?.remove();
  });

  interface Ran {
    who: string;
    text: string;
    read: string[];
  }
  const ran = (): Ran[] =>
    existsSync(join(lab.folder, "ran.jsonl"))
      ? readFileSync(join(lab.folder, "ran.jsonl"), "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Ran)
      : [];
  const logs = () => [lab.log, ...workers.map(({ name, log }) => `${name}:\n${log}`)].join("\n");
  const until = (what: () => boolean | Promise<boolean>) =>
    lab.until(what).catch((error) => {
      throw new Error(`${error}\n${logs()}`);
    });
  /** Says something. @returns the answer that looks so */
  const answerTo = async (text: string, like = /^(one|two): /, from = kim) => {
    const before = lab.got(from).length;
    lab.mac.say(from, text);
    const answers = () =>
      lab
        .got(from)
        .slice(before)
        .filter((answer) => like.test(answer));
    await until(() => answers().length > 0);
    return answers().join("\n");
  };
  const workerOf = (name: string) => workers.find((worker) => worker.name === name)!;

  it("answer what comes in at the gateway, which runs nothing of it", async () => {
    expect(await answerTo("hello")).toMatch(/^(one|two): hello$/);
    expect(ran().map(({ who }) => who)).not.toContain("gateway");
    // The chat saw a bubble meanwhile, which went with the answer.
    await until(() => lab.mac.events().filter(({ event }) => event === "typing").length >= 2);
    const bubbles = lab.mac.events().filter(({ event }) => event === "typing");
    expect(bubbles.map(({ on }) => on)).toEqual([true, false]);
  });

  it("do what needs the Mac: an action, and a look at the chat", async () => {
    await answerTo("said before");
    expect(await answerTo("read")).toMatch(/: did read and saw it$/);
    expect(await answerTo("react")).toMatch(/: did react\s*$/);
    const reacted = lab.mac.transcript(kim).filter(({ tapbacks }) => tapbacks.length > 0);
    expect(reacted.map(({ text }) => text)).toEqual(["react"]);
  });

  it("get the files of a message, and send files, which nobody keeps afterwards", async () => {
    const file = lab.mac.store(put(lab.folder, "Attachments/plan.txt", "a plan of Kim's"));
    const before = lab.mac.sent().length;
    lab.mac.sendFiles(kim, [file], "back");
    await until(() => lab.mac.sent().length >= before + 2);
    expect(ran().at(-1)!.read).toEqual(["a plan of Kim's"]);
    expect(await answerTo("make")).toMatch(/^(one|two): make$/);
    const files = () =>
      lab.mac.transcript(kim).flatMap(({ from, attachments }) => (from === "me" ? attachments : []));
    await until(() => files().length >= 2);
    const texts = files().map((path) => readFileSync(path, "utf8"));
    expect(texts).toEqual(["a plan of Kim's", expect.stringMatching(/^made by (one|two)$/)]);
    const schema = "state1";
    await until(async () => (await server.ask(`SELECT 1 FROM ${schema}.blob`)).length === 0);
    expect(await server.ask(`SELECT 1 FROM ${schema}.errand`)).toEqual([]);
    const left = () =>
      ["state", "one", "two"].flatMap((name) =>
        ["outgoing", "turns"].flatMap((folder) => {
          const path = join(lab.folder, name, folder);
          return existsSync(path) ? readdirSync(path).map((each) => join(name, folder, each)) : [];
        }),
      );
    await until(() => left().length === 0);
  });

  it("end a turn that somebody stops at the gateway, and say nothing of it", async () => {
    const before = ran().length;
    lab.mac.say(kim, "wait for it");
    await until(() => ran().length > before);
    expect(await answerTo("/stop", /Stopped/)).toContain("Stopped");
    go();
    await answerTo("after", undefined, lee);
    expect(await answerTo("next")).toMatch(/: next$/);
    expect(lab.got(kim).filter((text) => text.includes("wait for it"))).toEqual([]);
  });

  /** A message whose turn runs, and waits. @returns which worker runs it, and the other one */
  const waiting = async (text: string) => {
    rmSync(join(lab.folder, "go"), { force: true });
    const before = ran().length;
    lab.mac.say(kim, text);
    await until(() => ran().length > before);
    const { who } = ran().at(-1)!;
    const other = workers.find(({ name }) => name !== who)!;
    return { worker: workerOf(who), other, before };
  };
  const go = () => writeFileSync(join(lab.folder, "go"), "");
  const answersTo = (text: string) => lab.got(kim).filter((answer) => answer.endsWith(text));

  it("run a turn again whose worker was killed, and answer it once", async () => {
    const { worker, other, before } = await waiting("wait here");
    await worker.end("at once");
    await until(() => ran().length > before + 1);
    go();
    await until(() => answersTo("wait here").length > 0);
    expect(answersTo("wait here")).toEqual([`${other.name}: wait here`]);
    workers = [other, await begin(worker.name)];
  });

  it("keep nothing of a turn that another one took over, and go on as another node", {
    tags: ["long"],
  }, async () => {
    const { worker, other, before } = await waiting("wait frozen");
    worker.child.kill("SIGSTOP");
    await until(() => ran().length > before + 1);
    go();
    await until(() => answersTo("wait frozen").length > 0);
    worker.child.kill("SIGCONT");
    await until(() => worker.log.includes("the lease of this worker is over"));
    await other.end();
    expect(await answerTo("and now?")).toBe(`${worker.name}: and now?`);
    expect(answersTo("wait frozen")).toEqual([`${other.name}: wait frozen`]);
    workers = [worker, await begin(other.name)];
  });

  it("are missed where none runs: explain says so, and the message waits", { tags: ["long"] }, async () => {
    await Promise.all(workers.map((worker) => worker.end()));
    lab.mac.say(kim, "anybody?");
    const explained = async () => (await lab.run("explain", "last")).stdout;
    await until(async () => (await explained()).includes("tapback worker --agents main"));
    workers = [await begin("one"), await begin("two")];
    await until(() => answersTo("anybody?").length === 1);
    expect(await explained()).not.toContain("tapback worker");
  });

  it("stop in order: what runs is finished, and the other one goes on", { tags: ["long"] }, async () => {
    const { who } = ran().at(-1)!;
    const worker = workerOf(who);
    expect(await worker.end()).toBe(0);
    expect(worker.log).toContain("stopped");
    const other = workers.find(({ name }) => name !== who)!;
    expect(await answerTo("still there?")).toBe(`${other.name}: still there?`);
    workers = [other, await begin(who)];
  });
});

describe("a worker that cannot run", () => {
  it("says what is missing", async () => {
    const lab = new GatewayLab();
    try {
      lab.configure();
      const alone = await lab.runProgram("worker", "--agents", "main");
      expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("store.url")]);
      lab.configure({}, { store: { url: "postgres://127.0.0.1:9/tapback" } });
      const unknown = await lab.runProgram("worker", "--agents", "main,nobody");
      expect([unknown.code, unknown.stderr]).toEqual([
        1,
        expect.stringContaining("there is no agent nobody"),
      ]);
      expect((await lab.runProgram("worker")).code).toBe(2);
    } finally {
      await lab.close();
    }
  });
});
