import { EventEmitter } from "node:events";
import { NodeProcess } from "../node-process.js";
import type { Session, StateServer } from "./server.js";

/** An error as the system gives it of a connection. */
export function broken(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}

/** What a client has of a connection to the server of the world, with the face of `net.Socket`. */
export class WorldSocket extends EventEmitter {
  writable = true;
  readonly process = NodeProcess.present;
  #session: Session | undefined;
  #isOver = false;

  constructor(private readonly server: StateServer) {
    super();
    this.process?.onDeath(() => this.#session?.end());
  }

  connect(): this {
    this.server.connect(this, (session) => {
      this.#session = session;
      if (session === undefined) this.breaks("ECONNREFUSED");
      else this.#arrives(() => this.emit("connect"));
    });
    return this;
  }

  write(bytes: Buffer | string, done?: () => void): boolean {
    if (!this.writable) return false;
    const sent = Buffer.from(bytes as Buffer);
    // What a process that is frozen was about to write it writes when it goes on.
    if (this.process?.isFrozen) this.process.arrives(() => this.#send(sent));
    else if (!this.process?.isDead) this.#send(sent);
    if (done) process.nextTick(() => this.#arrives(done));
    return true;
  }

  end(): void {
    this.#close();
  }

  destroy(): void {
    this.#close();
  }

  /** Bytes of the server are here. */
  carries(bytes: Buffer): void {
    this.#arrives(() => {
      if (!this.#isOver) this.emit("data", bytes);
    });
  }

  /** The connection is no more. @param code absent: it was ended in order */
  breaks(code?: string): void {
    this.#arrives(() => {
      if (this.#isOver) return;
      this.writable = false;
      this.#isOver = true;
      if (code !== undefined) this.emit("error", broken(code));
      this.emit("close");
    });
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #send(bytes: Buffer): void {
    try {
      this.#session?.receive(bytes);
    } catch (error) {
      // A fault of the server of the world is none that a client may take for its own.
      void Promise.reject(error);
    }
  }

  #close(): void {
    if (this.#isOver) return;
    this.writable = false;
    this.#isOver = true;
    this.#session?.end();
    this.server.soon(() => this.#arrives(() => this.emit("close")));
  }

  #arrives(act: () => void): void {
    if (this.process) this.process.arrives(act);
    else act();
  }
}
