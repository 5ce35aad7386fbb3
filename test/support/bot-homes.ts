import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryState } from "@chat-adapter/state-memory";
import { Chat, type StateAdapter } from "chat";
import { addToken } from "../../src/api/index.js";
import { createTapbackAdapter, type TapbackAdapter } from "../../src/chat-sdk.js";
import { createGateway, createLog, type Gateway, type GatewayOptions } from "../../src/index.js";
import { openSimulator, type Simulator, simulatorProgram } from "../../src/simulator.js";
import { openExistingStore } from "../../src/store/index.js";
import { removeFolder } from "./remove-folder.js";

/** Where a bot's gateway is, and how the bot hears of what happens there. */
export const botHomes = [
  "behind its API, by the stream",
  "in its process",
  "behind its API, by a webhook",
] as const;
export type BotHome = (typeof botHomes)[number];

const webhookSecret = `whsec_${"A".repeat(40)}`;

/** A bot of the Chat SDK, a simulated Mac, and a gateway between them. */
export class BotHouse {
  readonly folder = mkdtempSync(join(tmpdir(), "chat-sdk-"));
  readonly world: Simulator = openSimulator(join(this.folder, "world"), {
    ...{ version: "0.19.1", bridge: true, sip: "disabled" },
  });
  readonly state: StateAdapter = createMemoryState();
  bot!: Chat;
  tapback!: TapbackAdapter;
  #api: { url: string; token: string } | undefined;
  #gateway: Gateway | undefined;
  #web: ReturnType<typeof createServer> | undefined;

  constructor(readonly home: BotHome) {}

  /** Where the API is. */
  get url(): string {
    return this.#api!.url;
  }

  /** Starts all of it. @param set gives the bot its handlers */
  async open(set: (bot: Chat) => void): Promise<void> {
    if (this.home !== "in its process") {
      const port = await this.#listen(createServer(), true);
      this.#web = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part));
        request.on("end", async () => {
          const headers = request.headers as Record<string, string>;
          const body = Buffer.concat(parts).toString();
          const asked = new Request(`http://bot${request.url}`, { method: "POST", headers, body });
          const answer = await this.bot.webhooks.tapback!(asked);
          response.writeHead(answer.status).end();
        });
      });
      const url = `http://127.0.0.1:${await this.#listen(this.#web)}/`;
      const hook = { url, secret: webhookSecret, events: ["message", "decision"] };
      const webhooks = this.home.endsWith("webhook") ? { webhooks: [hook] } : {};
      this.#gateway = createGateway({
        ...this.#options({ gateway: { api: { enabled: true, port } }, ...webhooks }),
        agents: { main: () => "" },
      });
      await this.#gateway.start();
      const store = openExistingStore(join(this.folder, "state/state.db"))!;
      const wish = { name: "bot", scopes: ["read", "send"], perMinute: 100_000 };
      const { secret: token } = await addToken(store, wish, "US", Date.now());
      await store.close();
      this.#api = { url: `http://127.0.0.1:${port}`, token };
    }
    await this.startBot(set);
    const isConnected = async () => {
      const gateway = this.#gateway ?? this.tapback.gateway;
      return (await gateway?.status())?.accounts[0]?.connected;
    };
    while (!(await isConnected())) await new Promise(setImmediate);
  }

  /** Starts a bot with the state of the one before. */
  async startBot(set: (bot: Chat) => void): Promise<void> {
    const api = this.#api && {
      ...this.#api,
      ...(this.home.endsWith("webhook") && { webhookSecret }),
    };
    this.tapback = createTapbackAdapter(api ? { api } : { gateway: this.#options({}) });
    this.bot = new Chat({
      ...{ userName: "bot", adapters: { tapback: this.tapback }, state: this.state, logger: "silent" },
    });
    set(this.bot);
    await this.bot.initialize();
  }

  /** What was written to a chat by the account, oldest first. */
  texts(chatId: number): string[] {
    return this.world
      .transcript(chatId)
      .flatMap(({ from, text, event, attachments }) =>
        from === "me" && !event ? [text || attachments.map((path) => path.split("/").at(-1)).join()] : [],
      );
  }

  async close(): Promise<void> {
    await this.bot?.shutdown();
    await this.#gateway?.stop();
    this.#web?.closeAllConnections();
    this.#web?.close();
    this.world.close();
    await removeFolder(this.folder);
  }

  #options(more: object): GatewayOptions {
    const imessage = {
      ...{ cliPath: simulatorProgram(), dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 20 },
      ...{ includeAttachments: true, attachmentRoots: [this.folder] },
    };
    return {
      stateDir: join(this.folder, "state"),
      home: this.folder,
      log: createLog({ level: "error", format: "text" }, false),
      env: { ...process.env, IMSG_SIM_HOME: this.world.folder },
      config: { channels: { imessage }, messages: { inbound: { debounceMs: 100 } }, ...more },
    };
  }

  async #listen(server: ReturnType<typeof createServer>, closes = false): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    if (closes) await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
