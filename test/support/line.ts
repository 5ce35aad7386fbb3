import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A network line to a port of this machine, which breaks when it is told to. */
export class Line {
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  /** What the far side may still say before the line is cut, bytes. */
  #cutAfter = Number.POSITIVE_INFINITY;
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

  /** Cuts every connection, now or when so many bytes more have come from the far side. */
  cut(afterBytes = 0): void {
    if (afterBytes > 0) {
      this.#cutAfter = afterBytes;
      return;
    }
    this.#cutAfter = Number.POSITIVE_INFINITY;
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
    near.on("data", (chunk: Buffer) => far.write(chunk));
    far.on("data", (chunk: Buffer) => {
      this.#cutAfter -= chunk.length;
      // Half of what came gets through: whatever it was, it ends in the middle.
      if (this.#cutAfter <= 0) {
        near.write(chunk.subarray(0, chunk.length / 2), () => this.cut());
      } else near.write(chunk);
    });
  }
}
