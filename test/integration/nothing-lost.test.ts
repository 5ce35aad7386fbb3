import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../src/config/index.js";
import type { Envelope } from "../../src/conversation/index.js";
import { type Gateway, gatewayOf } from "../../src/gateway/index.js";
import { cursorPath, readCursor } from "../../src/inbound/index.js";
import { openSimulator, type Settings } from "../../src/simulator.js";
import { simulatorPath } from "../faults/harness/gateway-process.js";
import { casesOf } from "../support/cases.js";
import { ImsgHere } from "../support/imsg-here.js";
import { rememberingLog } from "../support/inbound-bench.js";
import { isDecided } from "../support/is-decided.js";
import { removeFolder } from "../support/remove-folder.js";

const mia = "+15550100123";
const minute = 60_000;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 25 });

/** A Mac, an agent that repeats what it is asked, and gateways that come and go over one state. */
async function house(imessage: Record<string, unknown> = {}, settings: Partial<Settings> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "nothing-lost-"));
  closing.push(() => removeFolder(folder));
  const mac = openSimulator(folder, { watchPollMs: 300, ...settings });
  closing.push(() => mac.close());
  const agent = { asked: [] as Envelope[], fails: (_text: string) => false, slow: (_text: string) => 0 };
  const server = await serve(agent);
  const { log, lines } = rememberingLog();
  const parsed = await parseConfig(
    JSON.stringify({
      channels: {
        imessage: {
          cliPath: simulatorPath,
          dbPath: mac.dbPath,
          dmPolicy: "open",
          allowFrom: ["*"],
          watchDebounceMs: 10,
          ...imessage,
        },
      },
      session: { dmScope: "per-channel-peer" },
      agents: {
        list: [
          {
            id: "main",
            runtime: { type: "http", url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
          },
        ],
      },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const stateDir = join(folder, "state");
  const imsg = new ImsgHere(folder);
  let running: Gateway | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  closing.push(stop);
  const start = async () => {
    running = gatewayOf(
      { config: parsed.value.config, stateDir, log, home: folder },
      { startImsg: (args, cliPath) => imsg.start(args, cliPath, process.env) },
    );
    await running.start();
    await until(async () => expect((await running?.status())?.accounts[0]?.connected).toBe(true));
  };
  return {
    mac,
    agent,
    lines,
    stateDir,
    start,
    stop,
    say: (text: string, minutesAgo = 0) =>
      mac.say({ from: mia, text, ...(minutesAgo > 0 && { at: Date.now() - minutesAgo * minute }) }),
    asked: () => agent.asked.map(({ text }) => text),
    answers: () =>
      mac
        .transcript()
        .filter(({ from }) => from === "me")
        .map(({ text }) => text),
    status: async () => (await running!.status()).accounts[0]!,
    sums: () => lines.filter((line) => line.includes("replayed=")),
    cursor: () => readCursor(cursorPath(stateDir, "default")),
  };
}

async function serve(agent: {
  asked: Envelope[];
  fails: (text: string) => boolean;
  slow: (text: string) => number;
}): Promise<Server> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const envelope = JSON.parse(Buffer.concat(parts).toString()) as Envelope;
      agent.asked.push(envelope);
      setTimeout(() => {
        response.statusCode = agent.fails(envelope.text) ? 400 : 200;
        response.setHeader("content-type", "text/plain");
        response.end(`re: ${envelope.text}`);
      }, agent.slow(envelope.text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

describe("after a stop", () => {
  it("catch-up answers what came meanwhile, oldest first, over as many starts as its limit needs", async () => {
    const { start, stop, say, asked, answers, sums, lines, cursor } = await house({
      catchup: { enabled: true, perRunLimit: 3 },
    });
    await start();
    say("live");
    await until(() => expect(answers()).toEqual(["re: live"]));
    // A stop in the midst of the first pass leaves it without a sum.
    await until(() => expect(sums()).toHaveLength(1));
    await stop();
    for (let index = 0; index < 7; index++) say(`m${index}`, 40 - index);
    await start();
    await until(() => expect(sums()).toHaveLength(2));
    expect(asked()).toEqual(["live", "m0", "m1", "m2"]);
    expect(lines.some((line) => line.includes("capped to perRunLimit=3"))).toBe(true);
    const now = say("written now");
    await until(() => expect(asked()).toContain("written now"));
    await stop();
    expect(cursor()!.lastSeenRowid).toBeLessThan(now.id);
    await start();
    await until(() => expect(sums()).toHaveLength(3));
    await stop();
    await start();
    await until(() => expect(sums()).toHaveLength(4));
    expect(asked().filter((text) => text.startsWith("m"))).toEqual([
      "m0",
      "m1",
      "m2",
      "m3",
      "m4",
      "m5",
      "m6",
    ]);
    expect(asked().filter((text) => text === "written now")).toHaveLength(1);
    await until(() => expect(answers()).toHaveLength(9));
    expect(cursor()!.lastSeenRowid).toBeGreaterThanOrEqual(now.id);
  });

  it("nothing is answered without catch-up, and the rows are kept with that reason", {
    tags: ["long"],
  }, async () => {
    const { start, stop, say, asked, lines } = await house();
    await start();
    await stop();
    say("while away");
    await start();
    say("and now");
    await until(() => expect(asked()).toEqual(["and now"]));
    expect(lines.some((line) => line.includes("missed_offline"))).toBe(true);
  });

  it("a message whose turn fails is tried at each start, and its sender told at the end alone", {
    tags: ["long"],
  }, async () => {
    const { start, stop, say, agent, answers, sums } = await house({
      catchup: { enabled: true, maxFailureRetries: 2 },
    });
    await start();
    await stop();
    agent.fails = () => true;
    say("wedged", 1);
    await start();
    await until(() => expect(sums().at(-1)).toContain("failed=1 givenUp=0"));
    await stop();
    expect(answers()).toEqual([]);
    await start();
    await until(() => expect(sums().at(-1)).toContain("failed=0 givenUp=1"));
    await until(() => expect(answers()).toHaveLength(1));
    expect(answers()[0]).not.toContain("re:");
  });
});

describe("while it runs", () => {
  it("a subscription that says nothing is found out, and the message answered once", async () => {
    const { mac, start, say, answers, status, lines } = await house();
    await start();
    say("heard");
    await until(() => expect(answers()).toEqual(["re: heard"]));
    mac.fault({ kind: "silent-watch" });
    say("unheard");
    await until(() => expect(answers()).toEqual(["re: heard", "re: unheard"]));
    expect(lines.filter((line) => line.includes("subscribed and silent"))).toHaveLength(1);
    expect((await status()).stages.find(({ name }) => name === "watch")).toMatchObject({ ok: false });
    mac.clearFaults();
    say("heard again");
    await until(() => expect(answers()).toHaveLength(3));
  });

  it("a database that was put in the place of the old one is read", { tags: ["long"] }, async () => {
    const { mac, start, say, answers, lines } = await house();
    await start();
    say("before");
    await until(() => expect(answers()).toEqual(["re: before"]));
    mac.replaceDatabase();
    const again = openSimulator(mac.folder);
    closing.push(() => again.close());
    again.say({ from: mia, text: "after" });
    await until(() => expect(again.transcript().filter(({ from }) => from === "me")).toHaveLength(2));
    expect(lines.some((line) => line.includes("another file"))).toBe(true);
  });

  it("an old backlog is not answered, nor a message that Apple stores again", async () => {
    const { mac, start, say, asked, answers } = await house();
    await start();
    const first = say("once");
    await until(() => expect(answers()).toEqual(["re: once"]));
    mac.burst(mia, 200, 5 * 3600_000);
    mac.reinsert(first.guid);
    say("still there?");
    await until(() => expect(answers()).toHaveLength(2));
    expect(asked()).toEqual(["once", "still there?"]);
  });

  it("what was edited or taken back while it waited is seen as it is now", async () => {
    const { mac, agent, start, say, asked, stateDir } = await house();
    // Longer than what waited is taken as it was.
    agent.slow = (text) => (text === "slow" ? 2300 : 0);
    await start();
    say("slow");
    await until(() => expect(asked()).toEqual(["slow"]));
    const edited = say("meet at 5");
    const unsent = say("forget it");
    for (const { guid } of [edited, unsent])
      await vi.waitUntil(() => isDecided(stateDir, guid), { timeout: 20_000, interval: 25 });
    mac.edit(edited.guid, "meet at 6");
    mac.unsend(unsent.guid);
    say("last");
    await until(() => expect(asked()).toContain("last"));
    expect(asked()).toEqual(["slow", "meet at 6", "last"]);
  });

  it.each(casesOf(["0.9.0", "0.13.0"], 1))(
    "a command and its link are one turn with imsg %s",
    async (version) => {
      const { mac, start, agent } = await house({ coalesceSameSenderDms: true }, { version });
      await start();
      mac.say({ from: mia, text: "Dump https://example.com/article", splitMs: 400 });
      await until(() => expect(agent.asked).toHaveLength(1));
      const [envelope] = agent.asked;
      expect(envelope!.text).toBe("Dump https://example.com/article");
      expect(envelope!.coalescedMessageGuids).toHaveLength(2);
    },
  );
});
