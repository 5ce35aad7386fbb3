import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { Launchd } from "./launchd.js";
import type { ServiceLab } from "./service-lab.js";

const client = join(import.meta.dirname, "../fixtures/launchctl.mjs");

interface Answer {
  code: number;
  stdout?: string;
  stderr?: string;
}

/** `launchctl` in front of an emulated launchd: what it is told to start runs, and it answers before what it ends is gone. */
export class Launchctl {
  readonly launchd: Launchd;
  readonly #server: Server;
  #isLoaded = false;
  #unloading: Promise<unknown> | undefined;

  private constructor(private readonly lab: ServiceLab) {
    this.launchd = new Launchd(lab.plist, { home: lab.folder, throttleSecondMs: 50 });
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      let asked = "";
      socket.on("data", (chunk) => {
        asked += chunk;
      });
      socket.on("error", () => {});
      socket.on("end", () =>
        socket.end(JSON.stringify({ stdout: "", stderr: "", ...this.#do(JSON.parse(asked)) })),
      );
    });
  }

  /** Puts it into the PATH of a home. */
  static async open(lab: ServiceLab): Promise<Launchctl> {
    const launchctl = new Launchctl(lab);
    const socket = join(lab.folder, "launchd.sock");
    await new Promise<void>((resolve) => launchctl.#server.listen(socket, resolve));
    // The folder of the home is found from the program's own path, as the home's name has characters of the shell in it.
    lab.tool("launchctl", `exec '${process.execPath}' '${client}' "\${0%/bin/*}/launchd.sock" "$@"`);
    return launchctl;
  }

  async close(): Promise<void> {
    await this.#unloading;
    if (this.#isLoaded) await this.launchd.unload();
    this.#server.close();
  }

  #state(): string {
    const { pid } = this.launchd;
    return pid === undefined ? "\tstate = spawn scheduled\n" : `\tstate = running\n\tpid = ${pid}\n`;
  }

  #do([verb = "", target = ""]: string[]): Answer {
    switch (verb) {
      case "bootstrap":
        if (this.#isLoaded) return { code: 5, stderr: "Bootstrap failed: 5: Input/output error\n" };
        this.#isLoaded = true;
        this.launchd.load();
        return { code: 0 };
      case "bootout":
        if (!this.#isLoaded) return { code: 3, stderr: "Boot-out failed: 3: No such process\n" };
        this.#unloading ??= this.launchd.unload().then(() => {
          this.#isLoaded = false;
          this.#unloading = undefined;
        });
        return { code: 0 };
      case "print":
        if (!this.#isLoaded || target !== this.lab.service)
          return { code: 113, stderr: `Could not find service "${target}"\n` };
        return { code: 0, stdout: `${target} = {\n${this.#state()}}\n` };
      default:
        return { code: 0 };
    }
  }
}
