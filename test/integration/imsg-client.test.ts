import { afterEach, describe, expect, it } from "vitest";
import type { MessageRow } from "../../src/conversation/index.js";
import { ImsgClient, type ImsgClientOptions } from "../../src/imsg.js";
import { fakeImsg, isAlive, until } from "../fixtures/fake-imsg.js";

const open: { client: ImsgClient; fake: ReturnType<typeof fakeImsg> }[] = [];

function start(scenario: string, options: ImsgClientOptions = {}, dbPath?: string) {
  const fake = fakeImsg(scenario);
  const client = new ImsgClient({ ...fake.command, ...(dbPath !== undefined && { dbPath }) }, options);
  open.push({ client, fake });
  return { client, fake };
}

afterEach(async () => {
  for (const { client, fake } of open.splice(0)) {
    await client.close();
    fake.remove();
  }
});

const watcher = () => {
  const rows: MessageRow[] = [];
  const malformed: { detail: string; rowId?: number }[] = [];
  const ends: string[] = [];
  return {
    rows,
    malformed,
    ends,
    events: {
      row: (row: MessageRow) => void rows.push(row),
      malformed: (problem: { detail: string; rowId?: number }) => void malformed.push(problem),
      ended: (error: { code: string }) => void ends.push(error.code),
    },
  };
};

describe("an imsg child", () => {
  it("answers typed calls, and is started with an argument list", async () => {
    const { client, fake } = start("plain", {}, "~/a b/$(chat).db");
    const { chats } = await client.call("chats.list", { limit: 3 });
    expect(chats[0]?.id).toBe(7);
    expect(fake.starts()[0]?.start).toEqual(["rpc", "--db", "~/a b/$(chat).db"]);
    expect(fake.requests()[0]).toEqual({
      jsonrpc: "2.0",
      id: 1,
      method: "chats.list",
      params: { limit: 3 },
    });
  });

  it("survives a line that comes in halves, cut inside a character", async () => {
    const { client } = start("half-line");
    const { chats } = await client.call("chats.list", {});
    expect(chats[0]?.name).toBe("Zoë 🎉");
  });

  it("splits lines at line feeds only", async () => {
    const { client } = start("separators");
    const seen = watcher();
    await client.subscribe({ since_rowid: 50 }, seen.events);
    await until(() => expect(seen.rows).toHaveLength(1));
    expect(seen.rows[0]).toMatchObject({ text: "a\u2028b\u2029c", chat: { guid: "x/y" } });
  });

  it("survives and counts garbage, unknown ids and unknown notifications", async () => {
    let garbage = 0;
    const { client } = start("garbage", { garbage: () => garbage++ });
    const { chats } = await client.call("chats.list", {});
    expect(chats).toHaveLength(1);
    expect(garbage).toBe(7);
  });

  it("drains a flood on stderr, and keeps what is private out of the log", async () => {
    const lines: string[] = [];
    const { client } = start("stderr-flood", { log: (line) => lines.push(line) });
    await client.call("chats.list", {});
    await client.close();
    expect(lines.length).toBeLessThan(110);
    expect(lines.at(-1)).toMatch(/\(\d+ more lines were left out\)/);
    expect(lines[0]).toBe("Could not fetch group “…” of …@…, token=…");
  });

  it("keeps notifications that come before the answer to subscribe, in order", async () => {
    const { client } = start("slow-subscribe-then-row");
    const seen = watcher();
    await client.subscribe({ since_rowid: 50 }, seen.events);
    await until(() => expect(seen.rows.map((row) => row.rowId)).toEqual([51, 52, 53]));
  });

  it("tells of a subscription that died before it was answered", async () => {
    const { client } = start("early-error");
    const seen = watcher();
    await client.subscribe({ since_rowid: 50 }, seen.events);
    await until(() => expect(seen.ends).toEqual(["DATABASE_LOCKED"]));
  });

  it("cancels a subscription that was answered too late, and does not lose its rows", async () => {
    const stray: number[] = [];
    const { client, fake } = start("late-subscribe", {
      stray: { row: (row) => void stray.push(row.rowId), malformed: () => {} },
    });
    const seen = watcher();
    await expect(
      client.subscribe({ since_rowid: 50 }, seen.events, { timeoutMs: 150 }),
    ).rejects.toMatchObject({ code: "REQUEST_TIMEOUT", retryable: true });
    await until(() =>
      expect(fake.requests().at(-1)).toMatchObject({
        method: "watch.unsubscribe",
        params: { subscription: 1 },
      }),
    );
    await until(() => expect(stray).toEqual([101]));
    expect(seen.rows).toEqual([]);
  });

  it("carries a request of 5 MB and a row of 600 KB", async () => {
    const { client } = start("large");
    const seen = watcher();
    await client.subscribe({ since_rowid: 50 }, seen.events);
    const sent = await client.call("send", { chat_id: 7, text: "x".repeat(5_000_000) });
    expect(sent.guid).toBe("5000000");
    await until(() => expect(seen.rows[0]?.text).toHaveLength(300_000));
  });

  it("leaves alone who unsubscribed, whatever still comes", async () => {
    const stray: number[] = [];
    const { client } = start("chatty-after-unsubscribe", {
      stray: { row: (row) => void stray.push(row.rowId), malformed: () => {} },
    });
    const seen = watcher();
    const id = await client.subscribe({ since_rowid: 50 }, seen.events);
    await client.unsubscribe(id);
    await until(() => expect(stray).toEqual([52]));
    await client.call("chats.list", {});
    expect([seen.rows, seen.malformed, seen.ends]).toEqual([[], [], []]);
  });

  it("reports rows that do not fit, and takes those that merely have more", async () => {
    const { client } = start("bad-rows");
    const seen = watcher();
    await client.subscribe({ since_rowid: 50 }, seen.events);
    await until(() => expect(seen.rows).toHaveLength(4));
    expect(seen.rows.map(({ rowId, fault }) => [rowId, fault])).toEqual([
      [51, "text is not a string"],
      [52, "is_from_me is not a boolean"],
      [53, "created_at is not a time"],
      [54, undefined],
    ]);
    expect(seen.rows[3]?.chat.id).toBe(0);
    expect(seen.malformed).toMatchObject([
      { detail: "message: text is not a string", rowId: 51, guid: "GUID-51" },
      { detail: "message: is_from_me is not a boolean", rowId: 52, guid: "GUID-52" },
      { detail: "message: created_at is not a time", rowId: 53, guid: "GUID-53" },
      { detail: "message: message is not an object" },
    ]);
  });
});

describe("the order of requests", () => {
  it("writes one request at a time to a serial child, and starts its clock only then", async () => {
    const { client, fake } = start("slow-send");
    const send = client.call("send", { to: "+15550100123", text: "hi" });
    const chats = client.call("chats.list", {}, { timeoutMs: 1400 });
    await until(() => expect(fake.requests()).toHaveLength(1));
    await expect(send).resolves.toEqual({ ok: true });
    await expect(chats).resolves.toMatchObject({ chats: [{ id: 7 }] });
  });

  it("lets reads of a newer child overtake each other and a mutation", async () => {
    const { client, fake } = start("out-of-order");
    await client.subscribe({ since_rowid: 50 }, watcher().events);
    const first = client.call("send", { to: "+15550100123", text: "1" }).catch((error) => error.code);
    const second = client.call("send", { to: "+15550100123", text: "2" }).catch((error) => error.code);
    const reads = [1, 2, 3].map((chat_id) => client.call("messages.history", { chat_id }));
    expect((await Promise.all(reads)).map(({ messages }) => messages[0]?.id)).toEqual([10, 20, 30]);
    expect(fake.requests().filter((request) => request.method === "send")).toHaveLength(1);
    await client.close();
    // The first was written and may have left; the second surely did not.
    expect([await first, await second]).toEqual(["BRIDGE_STOPPED", "CHILD_DOWN"]);
  });

  it("ignores an answer that comes too late, and goes on with what waited behind it", async () => {
    const { client } = start("late-answer");
    const late = client.call("messages.history", { chat_id: 7 }, { timeoutMs: 100 });
    const next = client.call("chats.list", {}, { timeoutMs: 1400 });
    await expect(late).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    await expect(next).resolves.toMatchObject({ chats: [{ id: 7 }] });
  });

  it("takes a late answer to what changes something, and tells of none only when the child is gone", async () => {
    const { client } = start("slow-send");
    const send = client.call("send", { to: "+15550100123", text: "hi" }, { timeoutMs: 50 });
    await expect(send).resolves.toEqual({ ok: true });
    const hung = start("ignores-everything").client;
    const lost = hung.call("send", { to: "+15550100123", text: "x" }, { timeoutMs: 50, graceMs: 50 });
    await expect(lost).rejects.toMatchObject({ code: "CHILD_HUNG", disposition: "unknown" });
    expect(hung.pid).toBeUndefined();
  });

  it("gives a child up that answers nothing", async () => {
    const { client } = start("ignores-everything");
    const call = client.call("chats.list", {}, { timeoutMs: 100, graceMs: 50 });
    const waiting = client.call("send", { to: "+15550100123", text: "x" });
    waiting.catch(() => {});
    await expect(call).rejects.toMatchObject({ code: "REQUEST_TIMEOUT" });
    await expect(waiting).rejects.toMatchObject({ code: "CHILD_DOWN", disposition: "not_sent" });
    await expect(client.closed).resolves.toMatchObject({ code: "CHILD_HUNG" });
  });

  it("gives an answer without an id to the only request under way", async () => {
    const { client } = start("unparsed-request");
    await expect(client.call("chats.list", {})).rejects.toMatchObject({ code: "PROTOCOL" });
  });
});

describe("the end of an imsg child", () => {
  it("lets go within a step when stdin is closed", async () => {
    const { client } = start("plain");
    await client.call("chats.list", {});
    const pid = client.pid!;
    await client.close();
    expect(isAlive(pid)).toBe(false);
    expect(client.pid).toBeUndefined();
    await expect(client.call("chats.list", {})).rejects.toMatchObject({ code: "CHILD_DOWN" });
  });

  it("kills a child that ignores stdin and SIGTERM", async () => {
    const { client } = start("ignores-everything");
    const call = client.call("chats.list", {});
    call.catch(() => {});
    await until(() => expect(client.pid).toBeGreaterThan(0));
    const pid = client.pid!;
    await client.close();
    expect(isAlive(pid)).toBe(false);
    await expect(call).rejects.toMatchObject({ code: "BRIDGE_STOPPED" });
  });

  it("takes what a wrapper left behind with it", async () => {
    const { client, fake } = start("grandchild");
    await client.call("chats.list", {});
    const left = fake.grandchild()!;
    expect(isAlive(left)).toBe(true);
    await expect(client.call("messages.history", { chat_id: 7 })).rejects.toMatchObject({
      code: "CHILD_EXITED",
    });
    await until(() => expect(isAlive(left)).toBe(false));
  });

  it("says that a request died with the child, and that a send may have left", async () => {
    const read = start("dies-mid-line");
    await expect(read.client.call("chats.list", {})).rejects.toMatchObject({
      code: "CHILD_EXITED",
      message: expect.stringContaining("exit code 3"),
    });
    const send = start("dies-mid-line");
    const first = send.client.call("send", { chat_id: 7, text: "a" });
    const second = send.client.call("send", { chat_id: 7, text: "b" });
    second.catch(() => {});
    await expect(first).rejects.toMatchObject({ code: "CHILD_EXITED", disposition: "unknown" });
    await expect(second).rejects.toMatchObject({ code: "CHILD_DOWN", disposition: "not_sent" });
  });

  it("reads a last line without a line feed", async () => {
    const { client } = start("last-line-without-feed");
    await expect(client.call("chats.list", {})).resolves.toMatchObject({ chats: [{ id: 7 }] });
  });

  it.each(["closes-stdout", "closes-stdin"])("gives a child up that %s", async (scenario) => {
    const { client } = start(scenario);
    for (let i = 0; i < 3; i += 1)
      await client.call("chats.list", {}, { timeoutMs: 3000, graceMs: 100 }).catch(() => {});
    expect((await client.closed).code).toMatch(/^CHILD_(EXITED|HUNG)$/);
  });

  it.each([
    ["old", "IMSG_RPC_UNSUPPORTED"],
    ["ssh-down", "SSH_REFUSED"],
  ])("names the remedy when it is %s", async (scenario, code) => {
    const { client } = start(scenario);
    const error = await client.closed;
    expect(error.code).toBe(code);
    expect(error.hint).toBeTruthy();
  });

  it("names the remedy when there is no such program, or it is none", async () => {
    for (const [cliPath, code] of [
      ["/nowhere/imsg", "IMSG_NOT_FOUND"],
      [`${import.meta.dirname}/../../package.json`, "IMSG_NOT_EXECUTABLE"],
      ["~/imsg", "IMSG_NOT_FOUND"],
      ["im\0sg", "IMSG_SPAWN_FAILED"],
    ] as const) {
      const client = new ImsgClient({ cliPath, home: "/nowhere" });
      await expect(client.call("chats.list", {})).rejects.toMatchObject({ disposition: "not_sent" });
      expect((await client.closed).code).toBe(code);
      await client.close();
    }
  });
});
