import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat } from "chat";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTapbackAdapter } from "../../src/chat-sdk/index.js";
import { House } from "../faults/harness/house.js";
import { until } from "../faults/harness/wait.js";
import { ChannelSession } from "../support/channel-session.js";
import { generatedClient } from "../support/generated-client.js";
import { removeFolder } from "../support/remove-folder.js";

const given = process.env.TAPBACK_MCP_PEERS;
if (given === undefined) throw new Error("run these with `npm run test:mcp`");
const peers = JSON.parse(given) as Record<"node" | "inspector", string>;

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
/** Each door has a person of its own: the bot's, the session's, the Inspector's. */
const [mia, sam, kim] = ["+15550100123", "+15550100321", "+15550100456"] as const;
const patient = { timeout: 30_000 };

const house = new House();
/** Inside the project, where its packages are found. */
const folder = mkdtempSync(join(root, "test/.doors-"));
const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
/** What the receiver of webhooks was told, by the published library of Standard Webhooks. */
const received: { type: string; data: { text?: string } }[] = [];
const receiver = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const headers = request.headers as Record<string, string>;
    received.push(new Webhook(secret).verify(Buffer.concat(parts).toString(), headers) as never);
    response.writeHead(204).end();
  });
});
let session: ChannelSession;
let bot: Chat;
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await house.configure(
    {},
    {
      gateway: { api: { enabled: true } },
      webhooks: [{ url: hook, secret, events: ["message"] }],
      agents: {
        list: [
          // As the page of the Chat SDK has it: the bot answers, and this agent says nothing.
          { id: "silent", default: true, runtime: { type: "command", command: "true" } },
          { id: "live", runtime: { type: "channel" } },
        ],
      },
      bindings: [{ agentId: "live", match: { channel: "imessage", peer: { kind: "direct", id: sam } } }],
    },
  );
  await house.start();
  const listening = () => /api\b.*: listening on (http:[^\s"]+)/.exec(house.log)?.[1];
  await until(
    () => listening() !== undefined,
    () => house.log,
  );
  url = listening()!;
  session = await (await ChannelSession.open(house, "--agent", "live", "--chat", sam)).attached();
  const api = { url, token: await token("bot") };
  bot = new Chat({
    ...{ userName: "bot", logger: "silent", state: createMemoryState() },
    adapters: { tapback: createTapbackAdapter({ api }) },
  });
  bot.onNewMention(async (thread, message) => {
    if (message.author.userId === mia) await thread.post(`The bot heard: ${message.text}`);
  });
  await bot.initialize();
}, 120_000);
afterAll(async () => {
  await bot?.shutdown();
  await session?.close();
  await house.close();
  receiver.closeAllConnections();
  receiver.close();
  await removeFolder(folder);
});

/** Makes a token at the command line. @returns its secret */
async function token(name: string, ...more: string[]): Promise<string> {
  const words = ["token", "add", name, "--scopes", "read,send", ...more, "--json"];
  const { stdout, stderr } = await house.program(words);
  if (!stdout) throw new Error(stderr);
  return (JSON.parse(stdout) as { token: string }).token;
}

it("serves five programs of others at one gateway, each its own people and nobody else's", async () => {
  house.mac.say(mia, "hello bot");
  expect(await house.got(mia, 1)).toEqual(["The bot heard: hello bot"]);

  house.mac.say(sam, "hello session");
  expect(await session.reply(await session.message(1), "The session heard it.")).toBe("Sent.");
  expect(await house.got(sam, 1)).toEqual(["The session heard it."]);

  house.mac.say(kim, "hello Inspector");
  const inspector = await token("inspector", "--chats", kim);
  const call = async (tool: string, ...args: string[]) => {
    const header = `Authorization: Bearer ${inspector}`;
    const words = ["--cli", `${url}/mcp`, "--header", header, "--method", "tools/call", "--tool-name", tool];
    const { stdout } = await run(peers.node, [peers.inspector, ...words, "--tool-arg", ...args], {
      cwd: house.folder,
    });
    return JSON.parse(stdout).content[1].text as string;
  };
  await expect.poll(() => call("list_messages", "limit=50"), patient).toContain("hello Inspector");
  expect(await call("list_messages", "limit=50")).not.toMatch(/hello (bot|session)/);
  await call("send_message", `to=${kim}`, "text=The Inspector heard it.");
  expect(await house.got(kim, 1)).toEqual(["The Inspector heard it."]);

  const client = await generatedClient(new URL("/v1/openapi.json", url), folder);
  const env = { ...process.env, API: url, TOKEN: await token("client") };
  const { stdout } = await run(process.execPath, [client], { env });
  expect(JSON.parse(stdout)).toEqual(["hello bot", mia, "1", "no reply", "SCOPE_MISSING"]);
  expect(await house.got(mia, 2)).toEqual(["The bot heard: hello bot", "from a generated client"]);

  const told = () => received.map(({ data }) => data.text).sort();
  await expect
    .poll(told, patient)
    .toEqual(
      [
        ...["hello bot", "The bot heard: hello bot", "from a generated client"],
        ...["hello session", "The session heard it.", "hello Inspector", "The Inspector heard it."],
      ].sort(),
    );
});
