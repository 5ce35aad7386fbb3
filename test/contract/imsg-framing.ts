import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atLeast, type ImsgUnderTest } from "./imsg-under-test.js";

/** Protocol reference 1 and 2: process, framing, errors. @param make called once, before the tests */
export function imsgFramingContract(name: string, make: () => Promise<ImsgUnderTest>): void {
  describe(`${name}: framing`, () => {
    let imsg: ImsgUnderTest;
    beforeAll(async () => {
      imsg = await make();
      imsg.world.say({ from: "+15550100123", text: "first" });
    });
    afterAll(() => imsg.close());
    const strict = () => atLeast(imsg.version, "0.14.0");

    it("prints its version alone", async () => {
      const { code, stdout } = await imsg.run("--version");
      expect(code).toBe(0);
      expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+/);
    });

    it("knows rpc", async () => {
      const { code, stdout } = await imsg.run("rpc", "--help");
      expect(code).toBe(0);
      expect(stdout).toContain("imsg rpc");
      expect(stdout.toLowerCase()).not.toContain("unknown command");
    });

    it("reports an unknown command on stdout, with exit code 1", async () => {
      const { code, stdout } = await imsg.run("no-such-command");
      expect(code).toBe(1);
      expect(stdout.toLowerCase()).toContain("unknown");
      expect(stdout).toContain("no-such-command");
    });

    it("reports a missing option on stdout, with exit code 1", async () => {
      const { code, stdout } = await imsg.run("history");
      expect(code).toBe(1);
      expect(stdout).toContain("--chat-id");
    });

    it("answers pipelined requests, the last one without a line feed, and exits 0", async () => {
      const rpc = imsg.rpc();
      rpc.raw(
        '{"jsonrpc":"2.0","id":"a","method":"chats.list"}\n\n{"jsonrpc":"2.0","id":2,"method":"chats.list"}',
      );
      expect(await rpc.end()).toBe(0);
      expect(rpc.lines.map(({ id }) => id).sort()).toEqual([2, "a"]);
      expect(rpc.rest).toBeUndefined();
    });

    it("tells what is wrong with a frame", async () => {
      const rpc = imsg.rpc();
      const wrong: [line: string, code: number, data?: string][] = [
        ["nonsense", -32700],
        ["1", -32700],
        ["null", -32700],
        ['[{"jsonrpc":"2.0","id":1,"method":"chats.list"}]', -32600, "request must be an object"],
        ['{"jsonrpc":"1.0","id":1,"method":"chats.list"}', -32600, "jsonrpc must be 2.0"],
        ['{"jsonrpc":"2.0","id":1}', -32600, "method is required"],
        ['{"jsonrpc":"2.0","id":1,"method":"no.such"}', -32601, "no.such"],
        ['{"jsonrpc":"2.0","id":1,"method":"messages.history","params":{}}', -32602, "chat_id is required"],
      ];
      for (const [line] of wrong) rpc.raw(`${line}\n`);
      await rpc.until(() => rpc.lines.length === wrong.length);
      for (const [index, [line, code, data]] of wrong.entries()) {
        const answer = strict()
          ? rpc.lines.find(({ error }) => error?.code === code && (data === undefined || error.data === data))
          : rpc.lines[index];
        expect(answer?.error?.code, line).toBe(code);
        if (data !== undefined) expect(answer?.error?.data, line).toBe(data);
      }
      expect(rpc.lines.find(({ error }) => error?.code === -32700)?.id).toBeNull();
    });

    it("bends values before 0.14.0 and refuses them since", async () => {
      const rpc = imsg.rpc();
      const bent = await rpc.request("messages.history", { chat_id: "1", limit: "1" });
      const unknown = await rpc.request("chats.list", { bogus: true });
      rpc.raw('{"id":"bare","method":"chats.list"}\n');
      const bare = await rpc.until(({ id, error }) => id === "bare" || error?.code === -32600);
      if (strict()) {
        expect([bent.error?.code, unknown.error?.code, bare.error?.code]).toEqual([-32602, -32602, -32600]);
      } else {
        expect([bent.error, unknown.error, bare.error]).toEqual([undefined, undefined, undefined]);
        expect(bent.result?.messages).toHaveLength(1);
      }
    });

    it("does not answer a request without an id that succeeds", async () => {
      const rpc = imsg.rpc();
      rpc.raw('{"jsonrpc":"2.0","method":"chats.list"}\n');
      await rpc.call("chats.list");
      expect(await rpc.end()).toBe(0);
      expect(rpc.lines).toHaveLength(1);
    });

    it("answers a bad request without an id with id null before 0.14.0, and not at all since", async () => {
      const rpc = imsg.rpc();
      rpc.raw('{"jsonrpc":"2.0"}\n{"jsonrpc":"2.0","method":"no.such"}\n');
      await rpc.call("chats.list");
      expect(await rpc.end()).toBe(0);
      const errors = rpc.lines.filter(({ error }) => error !== undefined);
      expect(errors.map(({ id, error }) => [id, error?.code])).toEqual(
        strict()
          ? []
          : [
              [null, -32600],
              [null, -32601],
            ],
      );
    });

    it("answers an id of null with null", async () => {
      const rpc = imsg.rpc();
      rpc.raw('{"jsonrpc":"2.0","id":null,"method":"chats.list"}\n');
      const answer = await rpc.until(({ result }) => result !== undefined);
      expect(answer.id).toBeNull();
    });

    it("repairs a line that is not UTF-8, and answers it", async () => {
      const rpc = imsg.rpc();
      const line = '{"jsonrpc":"2.0","id":1,"method":"chats.\xff"}\n';
      rpc.raw(Buffer.from(line, "latin1"));
      expect(await rpc.until(() => true)).toMatchObject({
        id: 1,
        error: { code: -32601, data: "chats.\ufffd" },
      });
    });

    it("escapes slashes and leaves U+2028 raw", async () => {
      const text = "a/b \u2028 c";
      imsg.world.say({ from: "+15550100123", text });
      const rpc = imsg.rpc();
      let bytes = "";
      rpc.child.stdout.on("data", (chunk: Buffer) => {
        bytes += chunk.toString("utf8");
      });
      const { messages } = await rpc.call("messages.history", { chat_id: 1, limit: 1 });
      expect((messages as { text: string }[])[0]?.text).toBe(text);
      expect(bytes).toContain("a\\/b \u2028 c");
    });
  });
}
