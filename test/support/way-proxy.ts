import { mkdtempSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./remove-folder.js";

const name = ".s.PGSQL.5432";

/** The way of one process to a server: it can stand still, with its connections open, and break. */
export class WayProxy {
  readonly #folder = mkdtempSync(join(tmpdir(), "tapback-way-"));
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isFrozen = false;

  /** @param folder of the server's socket */
  constructor(private readonly folder: string) {}

  /** Takes connections. @returns the folder of the socket to connect to */
  async start(): Promise<string> {
    const server = createServer((client) => this.#serve(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(join(this.#folder, name), resolve));
    return this.#folder;
  }

  /** Nothing passes any more, and nobody is told. */
  freeze(): void {
    this.#isFrozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** All that waited passes. */
  thaw(): void {
    this.#isFrozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  /** Breaks every connection; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server?.close(resolve));
    await removeFolder(this.#folder);
  }

  #serve(client: Socket): void {
    const server = connect(join(this.folder, name));
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("data", (data) => to.write(data));
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isFrozen) from.pause();
    }
  }
}
