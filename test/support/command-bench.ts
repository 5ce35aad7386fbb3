import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { ChatCommands, commandRules, type GatewayControls } from "../../src/commands/index.js";
import { type Config, parseConfig, resolveAccount } from "../../src/config/index.js";
import type { Decision, MessageRow } from "../../src/conversation/index.js";
import { rulesFor } from "../../src/inbound/index.js";
import { type Claim, type OutboxItem, openStore, type Store } from "../../src/store/index.js";
import { FakeClock } from "./fake-clock.js";

/** Carries out commands that were decided, on a store of their own; one for each test. */
export class CommandBench {
  readonly #folder = mkdtempSync(join(tmpdir(), "tapback-commands-"));
  readonly store: Store = openStore(join(this.#folder, "state.db"));
  readonly clock = new FakeClock(2000);
  /** What the log was warned of. */
  readonly warnings: string[] = [];
  #claim: Claim | undefined;

  private constructor(readonly config: Config) {}

  /** @param config as a person writes it */
  static async of(config: Record<string, unknown>): Promise<CommandBench> {
    const parsed = await parseConfig(JSON.stringify(config));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    const bench = new CommandBench(parsed.value.config);
    open.push(bench);
    return bench;
  }

  async claim(): Promise<Claim> {
    this.#claim ??= (await this.store.accounts.claim("default", "node")).claim;
    return this.#claim;
  }

  /**
   * Carries out the command of a row.
   * @param controls of the gateway, as far as the command asks for them
   * @returns what is to be sent for it, oldest first
   */
  async run(
    name: string,
    row: MessageRow,
    decided: Partial<Decision & { kind: "command" }> = {},
    controls: Partial<GatewayControls> = {},
  ): Promise<OutboxItem[]> {
    const { store, config } = this;
    const claim = await this.claim();
    const rules = rulesFor(config, resolveAccount(config, "default")!, commandRules);
    const [id] = await store.journal.admit(claim, [row], "live", 1000);
    const decision = {
      kind: "command",
      name,
      gates: [],
      isOwner: false,
      treatedAs: row.chat.isGroup ? "group" : "direct",
      ...decided,
    } as Decision & { kind: "command" };
    await store.journal.decide(claim, id!, decision, 1000);
    const before = (await store.outbox.list({ limit: 1 }))[0]?.id ?? 0;
    const commands = new ChatCommands({
      store,
      clock: this.clock,
      log: { debug() {}, info() {}, warn: (text) => void this.warnings.push(text), error() {} },
      config: () => config,
      controls: controls as GatewayControls,
    });
    await commands.run(claim, (await store.journal.get(id!))!, decision, rules);
    return (await store.outbox.list({ limit: 50 })).filter((item) => item.id > before).toReversed();
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.#folder, { recursive: true });
  }
}

const open: CommandBench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});
