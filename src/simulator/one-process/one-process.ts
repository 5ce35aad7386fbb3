import type { Clock } from "../../platform/index.js";
import { type Host, systemHost } from "../world/host.js";
import { InProcessChild } from "./child.js";
import { type PipeTimes, plainPipe } from "./pipe.js";

/** Numbers of children that no process of a machine has. */
const firstPid = 2 ** 30;

/** How `imsg` runs inside this process. */
export interface OneProcessOptions {
  /** The world's folder. */
  folder: string;
  /** Whose time the world and its children have. */
  clock: Clock;
  /** How the children's pipes carry; at once and whole when absent. */
  pipes?: PipeTimes;
  /** What the children play instead of the world: text of a recording of `tapback doctor --live --record`. */
  recording?: string;
  /** The world's database is kept in memory: no file can be looked at, and everything goes faster. */
  inMemory?: boolean;
}

/**
 * A world and its `imsg` children inside this process, under a clock of the caller's: nothing of it depends on the machine's
 * time or on other processes. Hand {@link host} to `openSimulator`, and {@link start} to a gateway.
 */
export class OneProcess {
  readonly folder: string;
  readonly host: Host;
  readonly pipes: PipeTimes;
  readonly recording: string | undefined;
  readonly #children = new Map<number, InProcessChild>();
  readonly #watchers = new Set<(file: string | null) => void>();
  readonly #changes = new Map<string, number>();
  #writes = 0;
  #nextPid = firstPid;

  constructor({ folder, clock, pipes = plainPipe, recording, inMemory = false }: OneProcessOptions) {
    this.folder = folder;
    this.pipes = pipes;
    this.recording = recording;
    this.host = {
      ...systemHost,
      clock,
      isAlive: (pid) => pid === systemHost.pid || this.#children.has(pid),
      watch: (_folder, seen) => {
        this.#watchers.add(seen);
        return { close: () => this.#watchers.delete(seen) };
      },
      wrote: () => {
        this.#writes += 1;
        for (const seen of this.#watchers) seen(null);
      },
      writes: () => this.#writes,
      // Nobody else changes them.
      stamp: (path) => {
        const changes = this.#changes.get(path);
        return changes === undefined ? undefined : String(changes);
      },
      kept: new Map(),
      changed: (path) => void this.#changes.set(path, (this.#changes.get(path) ?? 0) + 1),
      ...(inMemory && { databases: new Map() }),
      lookMs: 1000,
    };
  }

  /** The children that run. */
  get children(): readonly InProcessChild[] {
    return [...this.#children.values()];
  }

  /** Starts `imsg`. @param args as on its command line: `rpc`, `status --json`, `--version` */
  start(args: readonly string[]): InProcessChild {
    const child = new InProcessChild(this.#nextPid++, args, this);
    if (child.isAlive) this.#children.set(child.pid, child);
    return child;
  }

  /** Told by a child that ended. */
  ended(child: InProcessChild): void {
    this.#children.delete(child.pid);
  }
}
