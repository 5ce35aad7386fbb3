import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { House } from "../faults/harness/house.js";
import { until } from "../faults/harness/wait.js";
import { owner } from "../support/acp-house.js";
import {
  type FakeModels,
  type FakeReply,
  type FakeRequest,
  startFakeModels,
} from "../support/fake-models.js";
import { playedModel } from "../support/played-model.js";
import type { Installed, RealAgent } from "./agents.js";

/** Agents of other people start slowly, several at once on a small machine. */
const answerMs = 90_000;

/** A whole gateway with one agent of other people beside `demo`, and the played model that the agent asks. */
export class RealHouse {
  readonly house = new House({ version: "0.14.0", bridge: true, sip: "disabled" });
  readonly folder = realpathSync(this.house.folder);
  readonly workspace = join(this.folder, "workspace");

  private constructor(
    readonly agent: RealAgent,
    private readonly installed: Installed,
    readonly models: FakeModels,
  ) {
    models.answer = playedModel;
  }

  static async open(agent: RealAgent, installed: Installed): Promise<RealHouse> {
    const real = new RealHouse(agent, installed, await startFakeModels());
    mkdirSync(real.workspace);
    return real;
  }

  /** @param more top-level blocks; @param isDefault whether the agent answers where nothing is bound */
  async configure(more: Record<string, unknown> = {}, isDefault = true): Promise<void> {
    const { agent, installed, folder, workspace, models } = this;
    const env = agent.prepare({ home: folder, workspace, models: models.baseUrl.replace(/\/v1$/, "") });
    const acp = {
      agent: agent.name,
      command: installed.command,
      args: [...installed.args, ...agent.args],
      env: { HOME: folder, ...env },
    };
    await this.house.configure(
      { textChunkLimit: 4000, actions: { reactions: true } },
      {
        commands: { ownerAllowFrom: [owner] },
        acp: { permissionTimeoutSeconds: 120 },
        agents: {
          list: [
            { id: agent.name, default: isDefault, workspace, runtime: { type: "acp", acp } },
            { id: "demo", default: !isDefault, runtime: { type: "demo" } },
          ],
        },
        ...more,
      },
    );
  }

  /** Writes, and waits for the next message. @returns it */
  async ask(text: string, handle: string = owner): Promise<string> {
    const before = this.house.textsTo(handle).length;
    this.house.mac.say(handle, text);
    return (await this.house.got(handle, before + 1, answerMs))[before]!;
  }

  /** Waits for a message that holds a text, and was not there before. @returns its row */
  async sees(part: string, after = 0, handle: string = owner) {
    const find = () =>
      this.house.mac
        .sent()
        .find((row) => row.handle === handle && row.rowId > after && row.text.includes(part));
    await until(
      () => find() !== undefined,
      () => `${part} was not seen: ${JSON.stringify(this.house.textsTo(handle))}`,
      answerMs,
    );
    return find()!;
  }

  /** What the model says when a direction of the prompt is read as another one. */
  played(request: FakeRequest, from: string, to: string): FakeReply {
    const raw = request.raw.replaceAll(from, to);
    return playedModel({ ...request, raw, body: JSON.parse(raw) });
  }

  /** What the gateway's log has of failed turns, shortly. */
  failures(): string {
    const lines = this.house.log.split("\n").filter((line) => / error | warn /.test(line));
    return lines.length === 0 ? "" : `\n    ${lines.map((line) => line.slice(0, 600)).join("\n    ")}`;
  }

  /** The last row that left. */
  get lastRow(): number {
    return this.house.mac.sent().at(-1)?.rowId ?? 0;
  }

  async close(): Promise<void> {
    await this.house.close();
    await this.models.close();
  }
}
