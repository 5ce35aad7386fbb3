import { describe, expect, it } from "vitest";
import { pathTo } from "../../../test/support/imsg-path.js";
import { rpcFailure } from "../../../test/support/played-imsg.js";
import { ok } from "../../platform/index.js";
import { sendWithExtras } from "./rich-send.js";

const chat = { kind: "chat_id" as const, chatId: 7 };
const vanished = () => {
  throw rpcFailure("timed out waiting for response to 'send'");
};

describe("where imsg would send by script what its helper did not answer (protocol reference 3.5)", () => {
  const byHelper = ["send", { chat_id: 7, text: "a", transport: "bridge" }];
  const byScript = ["send", { chat_id: 7, text: "a", transport: "applescript" }];
  const old = { version: "0.9.0" };
  /** What the helper answers. */
  const helper = (answer: () => object) => ({
    send: ({ transport }: Record<string, unknown>) =>
      transport === "bridge" ? answer() : { ok: true, id: 9 },
  });

  it("goes by the helper alone, and by script once that surely did not take it", async () => {
    const good = await pathTo(
      helper(() => ({ ok: true, guid: "G" })),
      old,
    );
    expect(await sendWithExtras(good.path, { target: chat, text: "a" })).toEqual(ok({ guid: "G" }));
    expect(good.asked).toEqual([byHelper]);
    const no = () => {
      throw rpcFailure("Chat not found");
    };
    const down = await pathTo(helper(no), old);
    expect(await sendWithExtras(down.path, { target: chat, text: "a" })).toEqual(ok({ rowId: 9 }));
    expect(down.asked).toEqual([byHelper, byScript]);
  });

  it("is in doubt after a time-out, and leaves a helper that is silent alone for ten minutes", async () => {
    let now = 0;
    const { path, asked } = await pathTo(helper(vanished), old, () => now);
    expect(await sendWithExtras(path, { target: chat, text: "a" })).toMatchObject({
      ok: false,
      error: { code: "BRIDGE_TIMEOUT", disposition: "unknown" },
    });
    await path.cache.settled();
    now = 10 * 60_000 - 1;
    expect(await sendWithExtras(path, { target: chat, text: "a" })).toEqual(ok({ rowId: 9 }));
    now = 10 * 60_000;
    expect((await sendWithExtras(path, { target: chat, text: "a" })).ok).toBe(false);
    expect(asked).toEqual([byHelper, byScript, byHelper]);
  });

  it("is in doubt whatever else the helper failed of, and leaves it alone then", async () => {
    const { path, asked } = await pathTo(
      helper(() => {
        throw rpcFailure("Dylib error: nobody knows");
      }),
      old,
    );
    const sent = await sendWithExtras(path, { target: chat, text: "a" });
    expect(sent).toMatchObject({ error: { code: "BRIDGE_FAILED", disposition: "unknown" } });
    expect(await sendWithExtras(path, { target: chat, text: "a" })).toEqual(ok({ rowId: 9 }));
    expect(asked).toEqual([byHelper, byScript]);
  });

  it("waits for what only passes, and leaves it to no script", async () => {
    const blocked = () => {
      throw {
        code: -32004,
        message: "Mutation lane blocked",
        data: { retry_safe: true, disposition: "not_started" },
      };
    };
    const { path, asked } = await pathTo(helper(blocked), old);
    const sent = await sendWithExtras(path, { target: chat, text: "a" });
    expect(sent).toMatchObject({ error: { code: "LANE_BLOCKED", disposition: "not_sent" } });
    expect(asked).toEqual([byHelper]);
  });

  it("goes by script at once where it is a text and a file, and as it is told where somebody chose", async () => {
    const { path, asked } = await pathTo({}, old);
    await sendWithExtras(path, { target: chat, text: "a", file: "/f" });
    await sendWithExtras(path, { target: chat, text: "a", transport: "applescript" });
    expect(asked).toEqual([
      ["send", { chat_id: 7, text: "a", file: "/f", transport: "applescript" }],
      byScript,
    ]);
  });
});
