import { mkdirSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Envelope } from "../../src/conversation/index.js";
import { openDatabase } from "../../src/platform/index.js";
import { House } from "../faults/harness/house.js";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";

const mia = "+15550100123";
const ben = "+15550100124";

let house: House;
let home: Mac;
let work: Mac;
/** The same in both databases. */
let group: number;

beforeEach(() => {
  house = new House({ watchPollMs: 200 });
  home = house.mac;
  const folder = join(house.folder, "second");
  mkdirSync(folder);
  work = new Mac(folder, { watchPollMs: 200 });
  expect(home.chatId(mia)).toBe(work.chatId(mia));
  [group] = [home, work].map((mac) => mac.group([mia, ben], "Climbing")) as [number, number];
  expect(work.identifierOf(group)).not.toBe("");
});

afterEach(async () => {
  await work.close();
  await house.close();
});

/** Accounts in one configuration; everybody shares a session in direct chats. */
async function serve(rest: Record<string, unknown>): Promise<void> {
  const accounts = { home: {}, work: { dbPath: work.dbPath } };
  const imessage = { groupPolicy: "open", groups: { "*": { requireMention: false } } };
  await house.configure(
    { ...imessage, textChunkLimit: 4000, defaultAccount: "home", accounts },
    { session: { dmScope: "main" }, ...rest },
  );
}

async function start(rest: Record<string, unknown>): Promise<void> {
  await serve(rest);
  const gateway = await house.startHere();
  await until(
    () => (gateway.log.match(/connected to Messages/g) ?? []).length === 2,
    () => gateway.log,
  );
}

const texts = (mac: Mac) => mac.sent().map(({ text }) => text);

/** Waits for the next text that leaves through an account after what the step does. */
async function next(mac: Mac, step: () => void): Promise<string> {
  const before = mac.sent().length;
  step();
  await until(
    () => mac.sent().length > before,
    () => `nothing new in ${JSON.stringify(texts(mac))}\n${house.log}`,
  );
  return texts(mac)[before]!;
}

function turns(account: string, state: string): number {
  const database = openDatabase(join(house.stateDir, "state.db"), { readOnly: true });
  const query = "SELECT count(*) AS count FROM turn WHERE account = ? AND state = ?";
  const count = Number(database.prepare(query).get(account, state)!.count);
  database.close();
  return count;
}

function inTurn(account: string, text: string): boolean {
  const database = openDatabase(join(house.stateDir, "state.db"), { readOnly: true });
  const query = "SELECT 1 FROM journal WHERE account = ? AND state = 'in_turn' AND body ->> '$.text' = ?";
  const found = database.prepare(query).get(account, text) !== undefined;
  database.close();
  return found;
}

it("keeps the words and reminders of two accounts apart, whose chats have the same numbers", async () => {
  await start({ agents: { list: [{ id: "main", runtime: { type: "demo" } }] } });
  await next(home, () => home.sayIn(group, mia, "how many messages so far?"));
  expect(await next(home, () => home.sayIn(group, mia, "how many messages so far?"))).toContain("2 messages");
  expect(await next(work, () => work.sayIn(group, mia, "how many messages so far?"))).toContain("1 message ");

  await next(home, () => home.say(mia, "remind me in 2 hours to feed the cat"));
  expect(await next(work, () => work.say(mia, "reminders"))).toBe("No reminders are set.");
  expect(await next(work, () => work.say(mia, "cancel all reminders"))).toBe("No reminders are set.");
  expect(await next(home, () => home.say(mia, "reminders"))).toContain("feed the cat");
});

it("ends, interrupts and collects nothing of another account's chat of the same number", async () => {
  const agent = new HeldAgent();
  const runtime = { type: "http", url: await agent.listen() };
  const agents = { list: [{ id: "main", runtime }] };
  try {
    await start({ agents, messages: { queue: { mode: "interrupt" } } });
    const waits = (account: string, count: number) =>
      until(
        () => turns(account, "queued") === count,
        () => house.log,
      );
    // Groups: two sessions, side by side.
    home.sayIn(group, mia, "home's group");
    await agent.asked(1);
    expect(await next(work, () => work.sayIn(group, mia, "/stop"))).toBe("Nothing is running.");
    work.sayIn(group, mia, "work's group");
    await agent.asked(2);
    expect(agent.keys()).toEqual(
      ["agent:main:imessage:group:", "agent:main:imessage:work:group:"].map((key) => key + group),
    );
    expect(await next(home, () => agent.release())).toBe("re: home's group");
    await until(
      () => texts(work).includes("re: work's group"),
      () => house.log,
    );

    // Direct chats: one session, in which each account has a chat of the same number.
    home.say(mia, "home's own");
    await agent.asked(3);
    work.say(mia, "work's own");
    await waits("work", 1);
    expect(await next(work, () => work.say(mia, "/stop"))).toBe("Stopped.");
    expect(turns("work", "cancelled")).toBe(1);
    expect(turns("home", "running")).toBe(1);
    expect(await next(home, () => agent.release())).toBe("re: home's own");

    await serve({ agents, messages: { queue: { mode: "collect" } } });
    await until(
      () => /configuration changed: .*queue/.test(house.log),
      () => house.log,
    );
    home.say(mia, "first");
    await agent.asked(4);
    home.say(mia, "home's second");
    await waits("home", 1);
    work.say(mia, "work's second");
    await waits("work", 1);
    work.say(mia, "work's third");
    await until(
      () => inTurn("work", "work's third"),
      () => house.log,
    );
    agent.openUp();
    await until(
      () =>
        texts(home).includes("re: home's second") && texts(work).includes("re: work's second\nwork's third"),
      () => `${JSON.stringify([texts(home), texts(work)])}\n${house.log}`,
    );
    expect(turns("home", "cancelled")).toBe(0);
    for (const { accountId, text } of agent.envelopes)
      expect(text).toMatch(accountId === "home" ? /home|first/ : /^work/);
  } finally {
    agent.close();
  }
});

/** An agent that answers when it is told to. */
class HeldAgent {
  readonly envelopes: Envelope[] = [];
  readonly #held: { envelope: Envelope; response: ServerResponse }[] = [];
  #open = false;
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const envelope = JSON.parse(Buffer.concat(parts).toString()) as Envelope;
      this.envelopes.push(envelope);
      this.#held.push({ envelope, response });
      if (this.#open) this.release();
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async asked(count: number): Promise<void> {
    await until(
      () => this.envelopes.length === count,
      () => `asked ${this.envelopes.length} times\n${house.log}`,
    );
  }

  keys(): string[] {
    return this.envelopes.map(({ sessionKey }) => sessionKey);
  }

  /** Answers what is held. */
  release(): void {
    for (const { envelope, response } of this.#held.splice(0)) {
      response.setHeader("content-type", "text/plain");
      response.end(`re: ${envelope.text}`);
    }
  }

  openUp(): void {
    this.#open = true;
    this.release();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
