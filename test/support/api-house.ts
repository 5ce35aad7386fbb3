import { join } from "node:path";
import { addToken } from "../../src/api/index.js";
import type { Token } from "../../src/store/index.js";
import { GatewayLab } from "./gateway-lab.js";

export const owner = "+15550100999";
export const mia = "+15550100123";
/** What is answered to Sam waits for the owner's yes. */
export const sam = "+15550100321";
/** Is let in nowhere, and asks to be. */
export const eve = "+15550100555";

/** An answer of the API. */
export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  body: any;
}

/** A gateway with its API on, on a simulated Mac; people who wrote, and programs with tokens. */
export class ApiHouse {
  readonly lab = new GatewayLab();

  /** @param more fields of `gateway.api` */
  configure(more: Record<string, unknown> = {}): void {
    const api = { enabled: true, ...more };
    const files = {
      ...{ mediaMaxMb: 1, includeAttachments: true },
      attachmentRoots: [join(this.lab.folder, "Attachments")],
    };
    this.lab.configure(
      { allowFrom: [mia, sam, owner], dms: { [sam]: { review: "on" } }, ...files },
      { commands: { ownerAllowFrom: [owner] }, gateway: { api } },
    );
  }

  /** Where the API was last said to listen. */
  get url(): string {
    return [...this.lab.log.matchAll(/api\b.*: listening on (http:\S+)/g)].at(-1)![1]!;
  }

  /** Makes a token. @returns its secret */
  async token(
    name: string,
    wish: Partial<Pick<Token, "scopes" | "expiresAt" | "perMinute">> = {},
    chats?: string[],
  ) {
    const { scopes = ["read", "send", "people", "admin"], ...rest } = wish;
    const account = chats && "default";
    const made = await this.lab.look((store) =>
      addToken(store, { name, perMinute: 100_000, ...rest, scopes, account, chats }, "US", Date.now()),
    );
    return made.secret;
  }

  /** Asks for something. @param token none: without one */
  async ask(token: string | undefined, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.url}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const answered: Answered = {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
    return answered;
  }

  close(): Promise<void> {
    return this.lab.close();
  }
}
