import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A network line to a port of this machine, which breaks when it is told to. */
export class Line {
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  /** What each side may still say before the line is cut, bytes. */
  readonly #cutAfter = { near: Number.POSITIVE_INFINITY, far: Number.POSITIVE_INFINITY };
  #stalled = false;
  /** How often a connection was cut. */
  cuts = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on("connection", (near) => this.#join(near));
  }

  static async open(target: number): Promise<Line> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Line(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that stand. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Cuts every connection, now or when so many bytes more have come from one side. */
  cut(afterBytes = 0, side: "near" | "far" = "far"): void {
    if (afterBytes > 0) {
      this.#cutAfter[side] = afterBytes;
      return;
    }
    this.#cutAfter.near = Number.POSITIVE_INFINITY;
    this.#cutAfter.far = Number.POSITIVE_INFINITY;
    if (this.#pairs.size > 0) this.cuts += 1;
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Nothing passes any more, and nobody is told: a half-open connection. */
  stall(): void {
    this.#stalled = true;
    for (const { near, far } of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  /** What connects from now on gets through. */
  restore(): void {
    this.#stalled = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  #join(near: Socket): void {
    const far = connect(this.target, "127.0.0.1");
    const pair = { near, far };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on("error", end).on("close", end);
    if (this.#stalled) return;
    this.#pass("near", near, far);
    this.#pass("far", far, near);
  }

  #pass(side: "near" | "far", from: Socket, to: Socket): void {
    from.on("data", (chunk: Buffer) => {
      this.#cutAfter[side] -= chunk.length;
      // Half of what came gets through: whatever it was, it ends in the middle.
      if (this.#cutAfter[side] <= 0) {
        to.write(chunk.subarray(0, chunk.length / 2), () => this.cut());
      } else to.write(chunk);
    });
  }
}
