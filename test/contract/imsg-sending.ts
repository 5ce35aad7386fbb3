import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atLeast, type ImsgUnderTest } from "./imsg-under-test.js";

/**
 * Protocol reference 3.5: what a send answers, and that its row comes back.
 * @param make called once, before the tests
 * @param to an address that may really be written to
 */
export function imsgSendingContract(name: string, make: () => Promise<ImsgUnderTest>, to: string): void {
  describe(`${name}: sending`, () => {
    let imsg: ImsgUnderTest;
    beforeAll(async () => {
      imsg = await make();
    });
    afterAll(() => imsg.close());

    it("refuses what it cannot send, and says why", async () => {
      const rpc = imsg.rpc();
      const refused: [params: Record<string, unknown>, reason: string][] = [
        [{ to }, "text or file is required"],
        [{ text: "x", to, chat_id: 1 }, "use to or chat_*; not both"],
        [{ text: "x" }, "to is required for direct sends"],
        [{ text: "x", to, service: "pigeon" }, "invalid service"],
        [{ text: "x", to, transport: "pigeon" }, "invalid transport"],
        [{ text: "x", chat_id: 987_654 }, "unknown chat_id 987654"],
      ];
      for (const [params, reason] of refused) {
        const { error } = await rpc.request("send", params);
        expect(error, JSON.stringify(params)).toMatchObject({ code: -32602, data: reason });
      }
    });

    it("sends to a person, and the row comes back through the watch", async () => {
      const rpc = imsg.rpc();
      await rpc.call("watch.subscribe", { since_rowid: 0, debounce_ms: 10 });
      await rpc.call("chats.list");
      const text = `contract ${Date.now()}`;
      const result = await rpc.call("send", {
        to,
        text,
        service: "auto",
        region: "US",
        transport: "applescript",
      });
      expect(result).toMatchObject({ ok: true, transport: "applescript" });
      const echo = await rpc.until(
        ({ params }) => (params?.message as { text?: string } | undefined)?.text === text,
      );
      const message = echo.params?.message as Record<string, unknown>;
      expect(message).toMatchObject({
        is_from_me: true,
        sender: atLeast(imsg.version, "0.19.1") ? expect.any(String) : to,
        chat_identifier: to,
      });
      if (result.guid !== undefined) expect(message).toMatchObject({ guid: result.guid, id: result.id });
      if (atLeast(imsg.version, "0.10.0") && result.guid !== undefined)
        expect(result).toMatchObject({ message_id: result.guid, chat_guid: message.chat_guid });
      const { messages } = await rpc.call("messages.history", { chat_id: message.chat_id, limit: 5 });
      expect((messages as { guid: string }[]).some(({ guid }) => guid === message.guid)).toBe(true);
    });

    it("sends on the command line", async () => {
      const { code, stdout } = await imsg.run(
        "send",
        "--to",
        to,
        "--text",
        "from the command line",
        "--json",
      );
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ status: "sent" });
    });

    it("needs a known chat for the bridge", async () => {
      const { error } = await imsg
        .rpc()
        .request("send", { to: "nobody.known@example.com", text: "x", transport: "bridge" });
      expect(error).toMatchObject({
        code: -32602,
        data: "bridge transport requires an existing chat target",
      });
    });
  });
}
