import { describe, expect, it } from "vitest";
import { row } from "../../../test/contract/store/bench.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { fileAt } from "../../../test/support/file-at.js";
import { chatOf } from "../../../test/support/send-bench.js";
import type { HistoryQuery } from "../../bridge/index.js";
import type { Attachment } from "../../conversation/index.js";
import type { Clock } from "../../platform/index.js";
import { awaitFiles } from "./await-files.js";

const mine = chatOf(7, "+15550100123");

/** A turn whose messages have files, in folders of which one may be read. */

describe("files that are still on their way", () => {
  const wait = async (
    change: Partial<Attachment>,
    later: Partial<Attachment> | undefined,
    waitMs = 10_000,
    spoken?: string,
  ) => {
    const clock = new FakeClock(1_000_000);
    const attached = fileAt("/a/b.png", change);
    const message = row(5, { chat: mine, sentAt: 900_000, attachments: [attached], text: "\ufffc" });
    const looks: [HistoryQuery, number][] = [];
    const lab = { state: "live" as "live" | "waiting", setBackMs: 0 };
    const shown: Clock = {
      now: () => clock.now() - lab.setBackMs,
      after: (ms, act) => clock.after(ms, act),
      every: (ms, act) => clock.every(ms, act),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
    const bridge = {
      get state() {
        return lab.state;
      },
      history: async (query: HistoryQuery) => {
        looks.push([query, clock.now() - 1_000_000]);
        const now = later && looks.length >= 3 ? fileAt("/a/b.png", later) : attached;
        const text = looks.length >= 3 ? (spoken ?? "") : "";
        return [
          row(6, { chat: mine, attachments: [fileAt("/x.png")], text: "of another message" }),
          { ...message, text, attachments: [now] },
        ];
      },
    };
    const entry = { row: message, receivedAt: 1_000_000 } as never;
    let got: Attachment[] | undefined;
    const abort = new AbortController();
    let words = "";
    void awaitFiles(entry, { bridge, clock: shown, waitMs }, abort.signal).then((arrived) => {
      got = arrived.files;
      words = arrived.words;
    });
    const over = () => clock.advanceUntil(() => got !== undefined, 60_000);
    return { clock, looks, lab, abort, over, got: () => got, words: () => words };
  };

  it("are looked for until they are there", async () => {
    const { over, got, looks, clock } = await wait({ missing: true, path: "" }, { missing: false });
    await over();
    expect(got()).toMatchObject([{ path: "/a/b.png", missing: false }]);
    expect(looks.map(([, at]) => at)).toEqual([0, 500, 1000]);
    expect(looks[0]![0]).toEqual({
      ...{ chatId: 7, limit: 20, since: 899_999, until: 900_001, attachments: "converted" },
    });
    expect(clock.waiting).toBe(0);
  });

  it("are given up after their time", async () => {
    const { over, got, clock, looks } = await wait({ missing: true }, undefined, 1200);
    await over();
    expect(clock.now()).toBe(1_001_200);
    expect(got()).toMatchObject([{ missing: true }]);
    expect(looks.map(([, at]) => at)).toEqual([0, 500, 1000, 1200]);
  });

  it("are given up after their time also where the clock is set back meanwhile", async () => {
    const { clock, lab, over, looks } = await wait({ missing: true }, undefined, 1200);
    await clock.advance(600);
    lab.setBackMs = 3_600_000;
    await over();
    expect(looks.map(([, at]) => at)).toEqual([0, 500, 1000, 1200]);
  });

  it("are not looked for where they are there and fine as they are, but once for an easier form", async () => {
    const plain = await wait({}, undefined);
    await plain.over();
    expect(plain.looks).toEqual([]);
    const heic = await wait({ mimeType: "image/heic" }, undefined);
    await heic.over();
    expect(heic.looks).toHaveLength(1);
  });

  it("are looked at for the words of a voice message, half as long", async () => {
    const voice = { mimeType: "audio/x-caf" };
    const written = await wait(voice, undefined, 10_000, "call me back");
    await written.over();
    expect([written.words(), written.clock.now()]).toEqual(["call me back", 1_001_000]);
    const never = await wait(voice, undefined);
    await never.over();
    expect([never.words(), never.clock.now()]).toEqual(["", 1_005_000]);
    expect(never.got()).toMatchObject([{ path: "/a/b.png" }]);
  });

  it("are not looked for while Messages is away, nor after the turn was stopped", async () => {
    const away = await wait({ missing: true }, { missing: false });
    away.lab.state = "waiting";
    await away.clock.advance(2000);
    const before = away.looks.length;
    await away.clock.advance(2000);
    expect(away.looks).toHaveLength(before);
    away.abort.abort();
    await away.over();
    expect(away.got()).toMatchObject([{ missing: true }]);
  });
});
