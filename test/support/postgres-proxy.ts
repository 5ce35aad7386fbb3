import { mkdtempSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder } from "./remove-folder.js";

/** What becomes of a commit on its way: the server never sees it, or its answer is lost. */
type Loss = "unsent" | "unanswered";

/** The way to a server, which loses commits when told to. */
export class PostgresProxy {
  readonly #folder = mkdtempSync(join(tmpdir(), "tapback-pg-way-"));
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #loss: Loss | undefined;

  /** @param folder of the server's socket */
  constructor(private readonly folder: string) {}

  /** Takes connections. @returns the folder of the socket to connect to */
  async start(): Promise<string> {
    const server = createServer((client) => this.#serve(client));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(join(this.#folder, ".s.PGSQL.5432"), resolve));
    return this.#folder;
  }

  /** Loses the next commit, and with it its connection. */
  lose(loss: Loss): void {
    this.#loss = loss;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
    await removeFolder(this.#folder);
  }

  #serve(client: Socket): void {
    const server = connect(join(this.folder, ".s.PGSQL.5432"));
    let isCut = false;
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
    }
    client.on("data", (data) => {
      const isLost = this.#loss !== undefined && data.includes("COMMIT\0");
      if (isLost && this.#loss === "unsent") {
        server.destroy();
        client.destroy();
      } else server.write(data);
      if (!isLost) return;
      this.#loss = undefined;
      isCut = true;
    });
    server.on("data", (data) => {
      if (isCut) client.destroy();
      else client.write(data);
    });
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
  }
}
