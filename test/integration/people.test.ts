import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { GatewayLab } from "../support/gateway-lab.js";

const [mia, ben, owner] = ["+15550100123", "+15550100321", "+15550100999"];
const enough = "That is all that I can answer you today. Write to me again tomorrow.";

let lab: GatewayLab;
afterEach(() => lab.close());

const json = async (...args: string[]) => JSON.parse((await lab.run(...args, "--json")).stdout);
const gotBy = (handle: string, count: number) => lab.until(() => lab.got(handle).length >= count);

/** A gateway whose agent tells what each turn costs. @param group of Mia */
async function house(group: object) {
  lab = new GatewayLab();
  const program = join(lab.folder, "agent.mjs");
  writeFileSync(
    program,
    `let all = "";
     for await (const chunk of process.stdin) { all += chunk; if (all.includes("\\n")) break; }
     const { messages } = JSON.parse(all.split("\\n")[0]);
     console.log(JSON.stringify({ type: "text", text: "re: " + messages.at(-1).text }));
     console.log(JSON.stringify({ type: "usage", model: "local/small", inputTokens: 1000, outputTokens: 500 }));
     console.log(JSON.stringify({ type: "end" }));`,
  );
  const runtime = { type: "command", command: process.execPath, args: [program], output: "jsonl" };
  const prices = { small: { inputPerMTok: 1, outputPerMTok: 2, currency: "EUR" } };
  lab.configure(
    { dmPolicy: "allowlist", allowFrom: ["accessGroup:guests", ben, owner] },
    {
      agents: { list: [{ id: "main", workspace: join(lab.folder, "work"), runtime }] },
      accessGroups: { guests: { members: [mia], ...group } },
      commands: { ownerAllowFrom: [owner] },
      models: { providers: { local: { baseUrl: "http://127.0.0.1:9/v1", prices } } },
      session: { dmScope: "per-peer" },
    },
  );
  await lab.startHere();
}

describe("people", { timeout: 180_000 }, () => {
  it("have so many turns a day, over a restart, and are told what they had", async () => {
    await house({ turnsPerDay: 1 });
    lab.mac.say(mia, "one");
    await gotBy(mia, 1);
    await lab.stop();
    await lab.startHere();
    lab.mac.say(mia, "two");
    await gotBy(mia, 2);
    await gotBy(owner, 1);
    lab.mac.say(ben, "hello");
    await gotBy(ben, 1);
    lab.mac.say(mia, "/usage");
    await gotBy(mia, 3);
    lab.mac.say(owner, "/usage");
    await gotBy(owner, 2);
    expect(lab.got(mia).slice(0, 2)).toEqual(["re: one", enough]);
    expect(lab.got(mia)[2]).toMatch(/^Today: 1 turn, 1,500 tokens, .*\nYour limit of a day: 1 turns\.\n/);
    expect(lab.got(mia)[2]).not.toContain(ben);
    expect(lab.got(owner)[1]).toContain(`${ben}: 1 turn, 1,500 tokens, 0.002 EUR`);
    const spent = { turns: 1, untold: 0, inputTokens: 1000, outputTokens: 500 };
    const cost = { amount: 0.002, currency: "EUR" };
    expect(await json("usage")).toEqual([
      { person: mia, ...spent, cost },
      { person: ben, ...spent, cost },
    ]);
    expect(await json("usage", "--by", "agent")).toMatchObject([{ agentId: "main", turns: 2 }]);
    expect((await lab.run("usage", "--by", "day")).stdout).toMatch(
      /DAY +TURNS +READ +WRITTEN +COST\n\S+ +2 +2,000 +1,000/,
    );
    expect((await json("inbox", "--dropped"))[0]).toMatchObject({
      reason: "limit_reached",
      decision: "drop",
    });
  });

  it("are shown, and forgotten when the gateway is stopped; nobody is answered again, and a neighbour stays", async () => {
    await house({});
    lab.mac.say(mia, "my secret");
    lab.mac.say(ben, "hello");
    await gotBy(mia, 1);
    await gotBy(ben, 1);
    const before = await json("people", "show", ben);
    expect(await json("people", "show", "(555) 010-0123")).toMatchObject({
      ...{ handle: mia, groups: ["guests"], owner: false, optedOut: false, messages: 2 },
      admittedBy: [{ account: "default", by: "allowFrom" }],
      sessions: [`agent:main:direct:${mia}`],
      usage: { turns: 1, inputTokens: 1000 },
    });
    expect((await lab.run("people", "export", mia)).stdout).toContain("my secret");
    const refused = await lab.run("people", "forget", mia, "--yes", "--json");
    expect([refused.code, JSON.parse(refused.stdout || refused.stderr).error.code]).toEqual([
      1,
      "GATEWAY_RUNNING",
    ]);
    await lab.stop();
    expect((await lab.run("people", "forget", mia)).code).toBe(2);
    expect(await json("people", "forget", mia, "--yes")).toMatchObject({
      handles: [mia],
      messages: 2,
      turns: 1,
    });
    expect(await json("people", "show", mia)).toMatchObject({ messages: 0, sessions: [], name: null });
    expect((await lab.run("people", "export", mia)).stdout).not.toContain("my secret");
    expect(await json("people", "show", ben)).toEqual(before);
    await lab.startHere();
    lab.mac.say(mia, "still there?");
    await gotBy(mia, 2);
    expect(lab.got(mia)).toEqual(["re: my secret", "re: still there?"]);
  });
});
