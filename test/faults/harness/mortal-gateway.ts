import type { GatewayProcess } from "./gateway-process.js";
import type { House } from "./house.js";
import { until } from "./wait.js";

type Env = Record<string, string>;

/** The gateway of a house that dies at a crash point and is started again, once. */
export class MortalGateway {
  crashes = 0;

  private constructor(
    private readonly house: House,
    private readonly env: Env,
    private gateway: GatewayProcess,
  ) {}

  /** Starts it. @param crashAt `point:n`, see `src/platform/crash-point.ts` @param env more of the environment */
  static async start(house: House, crashAt: string, env: Env = {}): Promise<MortalGateway> {
    return new MortalGateway(house, env, await house.start({ crashAt, env }));
  }

  /** Waits for something, over a death. @throws when it does not come */
  async reached(isSo: () => boolean): Promise<void> {
    await until(
      () => this.gateway.ending !== undefined || isSo(),
      () => this.house.log,
    );
    if (this.gateway.ending === undefined) return;
    this.crashes++;
    this.gateway = this.house.launch({ env: this.env });
    await until(isSo, () => this.house.log);
  }

  /** The programs that it started and that run now. */
  async children(): Promise<number[]> {
    return this.gateway.children();
  }

  /** An orderly end. */
  async stop(): Promise<void> {
    await this.gateway.stop();
  }
}
