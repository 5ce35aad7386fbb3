import { House } from "../faults/harness/house.js";
import { until } from "../faults/harness/wait.js";
import { acpAgent } from "./acp-agent.js";

/** The owner of the house, and somebody who is let in but owns nothing. */
export const owner = "+15550100001";
export const guest = "+15550100002";

/** A whole gateway whose default agent is the repository's own ACP agent; `demo` is there beside it. */
export class AcpHouse {
  readonly house: House;

  /** @param settings of the simulated Mac */
  constructor(settings: ConstructorParameters<typeof House>[0] = {}) {
    this.house = new House(settings);
  }

  /** @param acp settings of the block `acp`; @param env of the agent */
  async configure(
    options: {
      acp?: Record<string, unknown>;
      env?: Record<string, string>;
      imessage?: Record<string, unknown>;
      more?: Record<string, unknown>;
      default?: "main" | "fixture";
    } = {},
  ): Promise<this> {
    const { folder } = this.house;
    const acp = { command: process.execPath, args: [acpAgent], env: { ACP_STATE: folder, ...options.env } };
    await this.house.configure(
      { textChunkLimit: 4000, ...options.imessage },
      {
        commands: { ownerAllowFrom: [owner] },
        agents: {
          list: [
            { id: "main", runtime: { type: "demo" }, default: options.default !== "fixture" },
            { id: "fixture", runtime: { type: "acp", acp }, default: options.default === "fixture" },
          ],
        },
        acp: { permissionTimeoutSeconds: 60, ...options.acp },
        ...options.more,
      },
    );
    return this;
  }

  /** Writes, and waits for the next message. @returns it */
  async ask(text: string, handle: string = owner): Promise<string> {
    const before = this.house.textsTo(handle).length;
    this.house.mac.say(handle, text);
    return (await this.house.got(handle, before + 1, 15_000))[before]!;
  }

  /** Waits for a message that holds a text. @returns its row */
  async sees(part: string, handle: string = owner) {
    const find = () =>
      this.house.mac.sent().findLast((row) => row.handle === handle && row.text.includes(part));
    await until(
      () => find() !== undefined,
      () => `${part} was not seen:\n${JSON.stringify(this.house.mac.sent())}\n${this.house.log}`,
      15_000,
    );
    return find()!;
  }

  close(): Promise<void> {
    return this.house.close();
  }
}
