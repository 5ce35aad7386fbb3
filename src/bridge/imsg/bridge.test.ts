import { describe, expect, it } from "vitest";
import { BridgeLab, chat, wire } from "../../../test/support/bridge-lab.js";
import { rpcFailure, toldStatus } from "../../../test/support/played-imsg.js";

describe("a bridge that starts", () => {
  it("is live once it is subscribed, from where the journal ends, and sends nothing before", async () => {
    const lab = new BridgeLab();
    lab.imsg.answers["watch.subscribe"] = () => undefined;
    lab.imsg.answers.send = () => ({ ok: true });
    lab.bridge.start();
    lab.bridge.start();
    await lab.clock.advanceUntil(() => lab.imsg.asked("watch.subscribe").length > 0);
    expect(lab.imsg.children).toHaveLength(1);
    expect(lab.imsg.child.args).toEqual(["rpc", "--db", "/db"]);
    expect(lab.imsg.asked("watch.subscribe")).toEqual([
      { since_rowid: 50, include_reactions: true, attachments: true, debounce_ms: 250 },
    ]);
    expect(lab.bridge.state).toBe("starting");
    const target = { kind: "chat_id" as const, chatId: 7 };
    expect(await lab.bridge.send({ target, text: "a" })).toMatchObject({
      ok: false,
      error: { code: "CHILD_DOWN", disposition: "not_sent" },
    });
    lab.imsg.child.answer("watch.subscribe", { subscription: 1 });
    await lab.until("live");
    expect(lab.states).toEqual(["starting", "live"]);
    expect(lab.bridge.health()).toMatchObject({ state: "live", pid: 1000, restarts: 0, malformed: 0 });
    expect((await lab.got(lab.bridge.send({ target, text: "a" }))).ok).toBe(true);
  });

  it("reports rows, also those that come before the subscribe is answered", async () => {
    const lab = new BridgeLab();
    lab.imsg.answers["watch.subscribe"] = (_params, child) => {
      child.notify("message", { subscription: 5, message: wire(51) });
      child.say({ jsonrpc: "2.0", id: child.requests.at(-1)!.id, result: { subscription: 5 } });
      child.notify("message", { subscription: 5, message: wire(52) });
      // Of one before: a real row all the same.
      child.notify("message", { subscription: 4, message: wire(49) });
      return undefined;
    };
    await lab.live();
    await lab.clock.advanceUntil(() => lab.rows.length === 3);
    expect(lab.rows.map(({ rowId }) => rowId)).toEqual([51, 52, 49]);
    expect(lab.bridge.health().rowAt).toBe(lab.clock.now());
  });

  it("tells of what does not fit, and keeps what can be read of it", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.child.notify("message", { subscription: 1, message: wire(51, { text: 7 }) });
    lab.imsg.child.say("Segmentation fault");
    await lab.clock.advanceUntil(() => lab.malformed.length === 2);
    expect(lab.malformed[1]).toBe("a line that is not JSON-RPC");
    expect(lab.rows).toMatchObject([{ rowId: 51, text: "", fault: "text is not a string" }]);
    expect(lab.bridge.health().malformed).toBe(2);
  });

  it.each([0, -2, 1.5, Number.NaN])("does not listen from %s", async (since) => {
    const lab = new BridgeLab();
    lab.resumeFrom = async () => since;
    lab.bridge.start();
    await lab.until("waiting");
    expect(lab.incidents[0]!.error.code).toBe("RESUME_POINT_UNKNOWN");
    expect(lab.imsg.asked("watch.subscribe")).toEqual([]);
  });

  it("listens from the first row of an empty Messages", async () => {
    const lab = new BridgeLab();
    lab.resumeFrom = async () => -1;
    await lab.live();
    expect(lab.imsg.asked("watch.subscribe")[0]).toMatchObject({ since_rowid: -1 });
  });

  it("waits when the start of its rows is not known", async () => {
    const lab = new BridgeLab();
    lab.resumeFrom = () => Promise.reject(new Error("locked"));
    lab.bridge.start();
    await lab.until("waiting");
    expect(lab.incidents[0]!.error).toMatchObject({ code: "RESUME_POINT_UNKNOWN" });
    expect(lab.incidents[0]!.error.message).toContain("locked");
  });
});

describe("a child that ends", () => {
  it("is replaced after a pause, and the new one listens from where the journal ends by then", async () => {
    const lab = await new BridgeLab().live();
    lab.resumeFrom = async () => 60;
    const at = lab.clock.now();
    lab.imsg.child.exit(1);
    await lab.until("waiting");
    expect(lab.incidents).toMatchObject([
      { id: 1, first: true, attempt: 1, retryInMs: 1000, error: { code: "CHILD_EXITED" } },
    ]);
    const { pid, startedAt, liveAt } = lab.bridge.health();
    expect({ pid, startedAt, liveAt }).toEqual({});
    await expect(lab.bridge.chats(1)).rejects.toMatchObject({ code: "CHILD_DOWN" });
    await lab.until("live");
    expect(lab.clock.now() - at).toBe(1000);
    expect(lab.imsg.children).toHaveLength(2);
    expect(lab.imsg.asked("watch.subscribe").at(-1)).toMatchObject({ since_rowid: 60 });
    expect(lab.bridge.health()).toMatchObject({ pid: 1001, restarts: 1 });
    expect(lab.states).toEqual(["starting", "live", "waiting", "starting", "live"]);
  });

  it("is replaced less and less often while that fails, and is one incident", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.failure = Object.assign(new Error("spawn ENOENT"), { code: "ENOENT" });
    lab.imsg.child.exit(1);
    await lab.clock.advance(130_000);
    expect(lab.incidents.map(({ retryInMs }) => retryInMs)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(lab.incidents.map(({ id, first }) => [id, first]).slice(0, 3)).toEqual([
      [1, true],
      [1, true],
      [1, false],
    ]);
    expect(lab.incidents[1]!.error.code).toBe("IMSG_NOT_FOUND");
    lab.imsg.failure = undefined;
    await lab.until("live");
    await lab.clock.advance(5 * 60_000);
    lab.imsg.child.exit(1);
    await lab.until("waiting");
    expect(lab.incidents.at(-1)).toMatchObject({ id: 2, first: true, attempt: 1, retryInMs: 1000 });
  });

  it("ends what was asked of it with an outcome that nobody knows", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.answers.send = () => undefined;
    const sent = lab.bridge.send({ target: { kind: "chat_id", chatId: 7 }, text: "a" });
    await lab.clock.advanceUntil(() => lab.imsg.asked("send").length > 0);
    lab.imsg.child.stderr.emit("data", Buffer.from("Bus error\n"));
    lab.imsg.child.exit(134);
    expect(await lab.got(sent)).toMatchObject({
      ok: false,
      error: { code: "CHILD_EXITED", disposition: "unknown", message: expect.stringContaining("Bus error") },
    });
  });

  it("is ended with what it started when it does not go by itself (protocol reference 1.1)", async () => {
    const lab = await new BridgeLab().live();
    const { child } = lab.imsg;
    child.obeys = false;
    let isStopped = false;
    void lab.bridge.stop().then(() => {
      isStopped = true;
    });
    await lab.clock.advance(499);
    expect(child.stdin.writable).toBe(false);
    expect(child.signals).toEqual([]);
    await lab.clock.advance(1);
    expect(child.signals).toEqual(["SIGTERM"]);
    expect(isStopped).toBe(false);
    await lab.clock.advance(500);
    await lab.clock.advanceUntil(() => isStopped);
    expect(child.signals.slice(0, 2)).toEqual(["SIGTERM", "SIGKILL"]);
    expect(lab.bridge.state).toBe("stopped");
    await lab.clock.advance(120_000);
    expect(lab.imsg.children).toHaveLength(1);
    expect(lab.incidents).toEqual([]);
  });

  it("is replaced when it is silent and does not answer (behaviour 1.2)", async () => {
    const lab = await new BridgeLab().live();
    await lab.clock.advance(14_999);
    expect(lab.imsg.asked("chats.list")).toEqual([]);
    await lab.clock.advance(1);
    expect(lab.imsg.asked("chats.list")).toEqual([{ limit: 1 }]);
    lab.imsg.answers["chats.list"] = () => undefined;
    lab.imsg.child.obeys = true;
    await lab.until("waiting");
    expect(lab.incidents[0]!.error.code).toBe("CHILD_HUNG");
  });
});

describe("a subscription that breaks", () => {
  const broken = (lab: BridgeLab) =>
    lab.imsg.child.notify("error", { subscription: 1, error: rpcFailure("database is locked") });

  it("is made anew over the same child, from where the journal ends", async () => {
    const lab = await new BridgeLab().live();
    lab.resumeFrom = async () => 70;
    broken(lab);
    await lab.until("starting");
    expect(lab.incidents[0]!.error.code).toBe("DATABASE_LOCKED");
    await lab.until("live");
    expect(lab.imsg.children).toHaveLength(1);
    expect(lab.imsg.asked("watch.subscribe").at(-1)).toMatchObject({ since_rowid: 70 });
  });

  it("again and again ends the child", async () => {
    const lab = await new BridgeLab().live();
    for (let n = 0; n < 2; n++) {
      broken(lab);
      await lab.until("starting");
      await lab.until("live");
    }
    broken(lab);
    await lab.until("waiting");
    expect(lab.imsg.children).toHaveLength(1);
    await lab.until("live");
    expect(lab.imsg.children).toHaveLength(2);
  });

  it("by an overflow is made anew from before the rows that were lost (protocol reference 19)", async () => {
    const lab = await new BridgeLab().live();
    lab.resumeFrom = async () => 90;
    lab.imsg.child.notify("watch.overflow", { subscription: 1, resume_after_rowid: 80 });
    await lab.until("starting");
    expect(lab.incidents[0]!.error.code).toBe("WATCH_OVERFLOW");
    await lab.until("live");
    expect(lab.imsg.asked("watch.subscribe").at(-1)).toMatchObject({ since_rowid: 80 });
    // Once: the next time the journal has them.
    broken(lab);
    await lab.until("starting");
    await lab.until("live");
    expect(lab.imsg.asked("watch.subscribe").at(-1)).toMatchObject({ since_rowid: 90 });
  });

  it("by an overflow that comes with its answer is made anew from before the rows that were lost", async () => {
    const lab = await new BridgeLab().live();
    lab.resumeFrom = async () => 90;
    const { answers } = lab.imsg;
    const answer = answers["watch.subscribe"]!;
    answers["watch.subscribe"] = () => {
      answers["watch.subscribe"] = answer;
      lab.imsg.child.notify("watch.overflow", { subscription: 2, resume_after_rowid: 80 });
      return { subscription: 2 };
    };
    broken(lab);
    await lab.until("starting");
    await lab.clock.advanceUntil(() => lab.imsg.asked("watch.subscribe").length === 3);
    expect(
      lab.imsg
        .asked("watch.subscribe")
        .map(({ since_rowid }) => since_rowid)
        .slice(1),
    ).toEqual([90, 80]);
  });

  it("of another one is none of ours", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.child.notify("error", { subscription: 9, error: rpcFailure("database is locked") });
    await lab.clock.advance(1000);
    expect(lab.states).toEqual(["starting", "live"]);
  });

  it("cannot be made at once is tried three times, a second apart", async () => {
    const lab = new BridgeLab();
    const at: number[] = [];
    lab.imsg.answers["watch.subscribe"] = () => {
      at.push(lab.clock.now());
      throw rpcFailure("database is locked");
    };
    lab.bridge.start();
    await lab.until("waiting");
    expect(at.map((time) => time - at[0]!)).toEqual([0, 1000, 2000]);
    expect(lab.imsg.children).toHaveLength(1);
  });

  it("cannot be made at all is not tried again over the same child", async () => {
    const lab = new BridgeLab();
    lab.imsg.answers["watch.subscribe"] = () => {
      throw rpcFailure("chat.db: full disk access is needed");
    };
    lab.bridge.start();
    await lab.until("waiting");
    expect(lab.imsg.asked("watch.subscribe")).toHaveLength(1);
    expect(lab.incidents[0]!.error.code).toBe("PERMISSION_FULL_DISK_ACCESS");
  });
});

describe("what is read", () => {
  it("is asked for as imsg takes it, and proves the database", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.answers["chats.list"] = () => ({ chats: [chat(1), { id: "no" }] });
    lab.imsg.answers["messages.history"] = () => ({ messages: [wire(51), wire(52, { text: 7 })] });
    expect((await lab.got(lab.bridge.chats(9))).map(({ id }) => id)).toEqual([1]);
    expect(lab.bridge.health()).toMatchObject({ databaseAt: lab.clock.now(), malformed: 1 });
    const query = { chatId: 7, limit: 3, since: 0, until: 1000 };
    expect((await lab.got(lab.bridge.history(query))).map(({ rowId }) => rowId)).toEqual([51]);
    expect((await lab.got(lab.bridge.history({ ...query, faulty: true }))).map(({ rowId }) => rowId)).toEqual(
      [51, 52],
    );
    await lab.got(lab.bridge.history({ chatId: 7, limit: 3, attachments: "converted" }));
    await lab.got(lab.bridge.history({ chatId: 7, limit: 3, attachments: true }));
    const [first, , third, fourth] = lab.imsg.asked("messages.history");
    expect(first).toEqual({
      chat_id: 7,
      limit: 3,
      start: "1970-01-01T00:00:00.000Z",
      end: "1970-01-01T00:00:01.000Z",
      attachments: false,
    });
    expect(third).toEqual({ chat_id: 7, limit: 3, attachments: true, convert_attachments: true });
    expect(fourth).toEqual({ chat_id: 7, limit: 3, attachments: true });
  });

  it("tells why the database cannot be read, until it can", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.answers["chats.list"] = () => {
      throw rpcFailure("unable to open database file");
    };
    await expect(lab.got(lab.bridge.chats(1))).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
    expect(lab.bridge.health().databaseError?.code).toBe("DATABASE_UNAVAILABLE");
    lab.imsg.answers["chats.list"] = () => ({ chats: [] });
    await lab.got(lab.bridge.chats(1));
    expect(lab.bridge.health()).not.toHaveProperty("databaseError");
  });

  it("by their number are rows of builds that can tell", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.answers["messages.after"] = () => ({ messages: [wire(51), wire(52, { text: 7 })] });
    expect((await lab.got(lab.bridge.rowsAfter(-1)))!.map(({ rowId }) => rowId)).toEqual([51, 52]);
    expect(lab.imsg.asked("messages.after")).toEqual([
      { since_rowid: 0, limit: 500, attachments: true, include_reactions: true },
    ]);
    const old = new BridgeLab();
    old.imsg.answers.initialize = () => toldStatus({ methods: ["chats.list"] });
    await old.live();
    expect(await old.bridge.rowsAfter(5)).toBeUndefined();
  });

  it("knows the newest row over the newest chats, also when one cannot be read", async () => {
    const lab = await new BridgeLab().live();
    lab.imsg.answers["chats.list"] = () => ({ chats: [chat(1), chat(2)] });
    lab.imsg.answers["messages.history"] = ({ chat_id }) => ({
      messages: chat_id === 1 ? [wire(51), wire(50)] : [wire(53)],
    });
    expect(await lab.got(lab.bridge.newestRow())).toEqual({ rowId: 53, guid: "GUID-53" });
    expect(lab.imsg.asked("chats.list").at(-1)).toEqual({ limit: 5 });
    expect(lab.imsg.asked("messages.history")[0]).toMatchObject({ chat_id: 1, limit: 3 });
    lab.imsg.answers["messages.history"] = ({ chat_id }) => {
      if (chat_id === 2) throw rpcFailure("database disk image is malformed");
      return { messages: [wire(51)] };
    };
    expect(await lab.got(lab.bridge.newestRow())).toEqual({ rowId: 51, guid: "GUID-51", isPartial: true });
    lab.imsg.answers["messages.history"] = () => {
      throw rpcFailure("database disk image is malformed");
    };
    await expect(lab.got(lab.bridge.newestRow())).rejects.toThrow();
    lab.imsg.answers["chats.list"] = () => ({ chats: [] });
    expect(await lab.got(lab.bridge.newestRow())).toBeUndefined();
  });
});

it("hears what Messages tells, where the build can, and again when that ended (protocol reference 22)", async () => {
  const lab = new BridgeLab();
  lab.imsg.answers.initialize = () => toldStatus({ methods: ["bridge.events.subscribe"] });
  lab.imsg.answers["bridge.events.subscribe"] = () => ({ subscription: 3 });
  await lab.live();
  await lab.clock.advance(1);
  const tell = (event: string, data?: object, subscription = 3) =>
    lab.imsg.child.notify("bridge.event", { subscription, event: { event, data } });
  tell("started-typing", { chatGuid: "G" });
  tell("stopped-typing", { chatGuid: "G" });
  tell("aliases-removed");
  tell("something-else", { chatGuid: "G" });
  tell("started-typing", {});
  tell("started-typing", { chatGuid: "of another" }, 4);
  await lab.clock.advance(1);
  expect(lab.told).toEqual([
    { kind: "typing", chatGuid: "G", on: true },
    { kind: "typing", chatGuid: "G", on: false },
    { kind: "addresses-lost" },
  ]);
  lab.imsg.child.notify("bridge.events.ended", { subscription: 3 });
  await lab.clock.advance(59_000);
  expect(lab.imsg.asked("bridge.events.subscribe")).toHaveLength(1);
  await lab.clock.advance(2000);
  expect(lab.imsg.asked("bridge.events.subscribe")).toHaveLength(2);
});
