import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Envelope, EnvelopeAttachment } from "../../src/conversation/index.js";
import { GatewayLab } from "./gateway-lab.js";
import { put } from "./sample-files.js";

/** A file as the agent found it. */
export interface Looked extends EnvelopeAttachment {
  guid: string;
  /** How many bytes it read, and the first of them. */
  read?: number;
  text?: string;
  /** Permissions of the file and of its folder, octal. */
  mode?: string;
  folder?: string;
}

/** A gateway with an agent that looks at every file; people and files on the simulated Mac. */
export class MediaLab {
  readonly gateway: GatewayLab;
  readonly #record: string;

  constructor(...settings: ConstructorParameters<typeof GatewayLab>) {
    this.gateway = new GatewayLab(...settings);
    this.#record = join(this.gateway.folder, "looked.jsonl");
  }

  /** Where the simulated Messages keeps attachments. */
  get attachments(): string {
    return join(this.gateway.folder, "Attachments");
  }

  /**
   * Starts a gateway in the test's own process.
   * @param imessage fields of `channels.imessage` beside those that let files in
   * @param rest other blocks
   * @param env beside the lab's own
   */
  async startHere(
    imessage: Record<string, unknown> = {},
    rest: Record<string, unknown> = {},
    env: Record<string, string> = {},
  ): Promise<void> {
    this.#configure(imessage, rest);
    await this.gateway.startHere(env);
  }

  /** Starts a gateway as a process, for a test of programs that it finds or of its end. */
  async start(
    imessage: Record<string, unknown>,
    env: Record<string, string>,
    rest: Record<string, unknown> = {},
  ): Promise<void> {
    this.#configure(imessage, rest);
    await this.gateway.start({ IMSG_SIM_HOME: this.gateway.folder, ...env });
  }

  #configure(imessage: Record<string, unknown>, rest: Record<string, unknown>): void {
    const runtime = {
      type: "command",
      command: process.execPath,
      args: [join(import.meta.dirname, "../fixtures/media-agent.mjs")],
      env: { RECORD_FILE: this.#record },
      output: "jsonl",
    };
    this.gateway.configure(
      {
        dmPolicy: "open",
        allowFrom: ["*"],
        includeAttachments: true,
        attachmentRoots: [this.attachments],
        ...imessage,
      },
      {
        session: { dmScope: "per-peer" },
        agents: { list: [{ id: "main", workspace: join(this.gateway.folder, "work"), runtime }] },
        ...rest,
      },
    );
  }

  /** A file that a person has, outside Messages. */
  file(name: string, content: Uint8Array | string): string {
    return put(join(this.gateway.folder, "given"), name, content);
  }

  /** All turns that the agent saw. */
  turns(): { envelope: Envelope; looked: Looked[] }[] {
    try {
      const lines = readFileSync(this.#record, "utf8").split("\n").filter(Boolean);
      return lines.map((line) => JSON.parse(line) as { envelope: Envelope; looked: Looked[] });
    } catch {
      return [];
    }
  }

  /** The turn that a message was given with; waits for it. */
  async turnOf(guid: string): Promise<{ envelope: Envelope; looked: Looked[] }> {
    const find = () =>
      this.turns().find(({ envelope }) => envelope.messages.some((message) => message.guid === guid));
    await this.gateway.until(() => find() !== undefined);
    return find()!;
  }

  /** The files of one message, as the agent found them; waits for its turn. */
  async filesOf(guid: string): Promise<Looked[]> {
    const { looked } = await this.turnOf(guid);
    return looked.filter((file) => file.guid === guid);
  }

  /** Lines of the gateway's log with these words. */
  logged(words: string): string[] {
    return this.gateway.log.split("\n").filter((line) => line.includes(words));
  }
}
