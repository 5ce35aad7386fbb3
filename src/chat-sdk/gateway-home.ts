import type { Attachment } from "chat";
import type { FunctionAgent } from "../agents/index.js";
import type { Gateway } from "../library/index.js";
import { messageOf } from "../platform/index.js";
import { type Door, doorOfGateway } from "./door.js";
import { tellEvents } from "./events.js";
import type { BotParts, Home } from "./home.js";
import { withFileOf } from "./message.js";
import type { TapbackAdapterOptions } from "./options.js";
import { adapterName, decodeThread, whereIs } from "./thread-id.js";

/** A gateway in the bot's process, which starts and stops with the bot. */
export class GatewayHome implements Home {
  #gateway: Gateway | undefined;

  constructor(private readonly options: Pick<TapbackAdapterOptions, "gateway" | "agentId">) {}

  get gateway(): Gateway | undefined {
    return this.#gateway;
  }

  async start(parts: BotParts, agent: FunctionAgent): Promise<void> {
    const { gateway: options = {}, agentId = "main" } = this.options;
    // A bot whose gateway is elsewhere loads none.
    const { createGateway } = await import("./own-gateway.js");
    const gateway = createGateway({ ...options, agents: { ...options.agents, [agentId]: agent } });
    void tellEvents(gateway.events("decision"), parts).catch((error) =>
      parts.chat.getLogger(adapterName).error(`events are not heard any more: ${messageOf(error)}`),
    );
    // What happens from the start on may be answered.
    this.#gateway = gateway;
    try {
      await gateway.start();
    } catch (error) {
      this.#gateway = undefined;
      throw error;
    }
  }

  async stop(): Promise<void> {
    try {
      // What handlers still post while it lets their turns finish goes by it.
      await this.#gateway?.stop();
    } finally {
      this.#gateway = undefined;
    }
  }

  doorInto(threadId: string, keyOf: () => string): Door | undefined {
    return this.#gateway && doorOfGateway(this.#gateway, whereIs(decodeThread(threadId)), keyOf);
  }

  rehydrated(attachment: Attachment, isOfTurn: (path: string) => boolean): Attachment {
    return withFileOf(attachment, isOfTurn);
  }

  async account(): Promise<string> {
    return (await this.#gateway?.status())?.defaultAccount ?? "default";
  }

  async take(): Promise<Response> {
    return new Response("This adapter has its gateway in its own process, and takes no webhooks.", {
      status: 404,
    });
  }
}
