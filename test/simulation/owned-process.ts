import crypto from "node:crypto";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { Readable } from "node:stream";
import type { Clock, StopTimer } from "../../src/platform/index.js";
import { NodeProcess } from "./node-process.js";
import type { Random } from "./random.js";

type Act = () => void;
type Replaced = Record<string, unknown>;

/** No run has ever needed a tenth of it. */
const mostAtOnce = 50_000;

const realImmediate = globalThis.setImmediate;

/**
 * This process with everything in it that could differ between two runs taken from one seed: what Node gives of time, of
 * random numbers and of turns of the event loop, and files, which are read and written at once and answered in a turn of
 * their own. What the product and the simulator take as parameters (clock, pipes, agents) is not its business.
 */
export class OwnedProcess {
  #ready: Act[] = [];
  readonly #undo: Act[] = [];

  constructor(private readonly random: Random) {}

  /**
   * Takes the process over.
   * @param clock whose time the machine's functions tell from now on
   * @param fetch answers whatever is asked of the network
   */
  own(clock: Clock, fetch: typeof globalThis.fetch): void {
    this.#ownTime(clock);
    this.#replace(globalThis as unknown as Replaced, { fetch });
    this.#ownRandomness();
    this.#ownFiles();
    syncBuiltinESMExports();
  }

  /** Gives it back. */
  release(): void {
    for (const undo of this.#undo.reverse()) undo();
    syncBuiltinESMExports();
  }

  /** Lets everything follow that needs no time, in an order that the seed chooses. */
  readonly settle = async (): Promise<void> => {
    for (let acts = 0; ; acts++) {
      if (acts > mostAtOnce)
        throw new Error("there is no end of work at one moment: something asks again and again");
      await new Promise((resolve) => realImmediate(resolve));
      if (this.#ready.length === 0) return;
      const at = this.#ready.length === 1 ? 0 : this.random.below(this.#ready.length);
      const [act] = this.#ready.splice(at, 1);
      act!();
    }
  };

  /** What happens in a turn of the event loop of its own. */
  readonly soon = (act: Act): void => {
    this.#ready.push(NodeProcess.bound(act));
  };

  /** Has connections made of another kind from now on. @param make as `new net.Socket()` */
  ownConnections(make: () => object): void {
    this.#replace(net as unknown as Replaced, {
      // What a constructor returns is what `new` comes to.
      Socket: function Socket() {
        return make();
      },
    });
  }

  #ownTime(clock: Clock): void {
    const timers = new Map<number, StopTimer>();
    let last = 0;
    const timer = (set: (done: Act) => StopTimer) => {
      const id = ++last;
      timers.set(
        id,
        set(() => timers.delete(id)),
      );
      const face = { ref: () => face, unref: () => face, hasRef: () => true, [Symbol.toPrimitive]: () => id };
      return face;
    };
    const clear = (given: unknown) => {
      if (given === undefined || given === null) return;
      const id = Number(given);
      timers.get(id)?.();
      timers.delete(id);
    };
    this.#replace(globalThis as unknown as Replaced, {
      setTimeout: (act: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
        timer((done) =>
          clock.after(
            ms,
            NodeProcess.bound(() => {
              done();
              act(...given);
            }),
          ),
        ),
      setInterval: (act: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) =>
        timer(() =>
          clock.every(
            ms,
            NodeProcess.bound(() => act(...given)),
          ),
        ),
      clearTimeout: clear,
      clearInterval: clear,
      setImmediate: (act: (...given: unknown[]) => void, ...given: unknown[]) => {
        this.soon(() => act(...given));
        return {};
      },
    });
    this.#replace(Date as unknown as Replaced, { now: () => clock.now() });
    this.#replace(performance as unknown as Replaced, { now: () => clock.now() });
  }

  #ownRandomness(): void {
    const { random } = this;
    const bytes = (count: number) => Buffer.from(Array.from({ length: count }, () => random.below(256)));
    const uuid = () => {
      const hex = bytes(16);
      hex[6] = (hex[6]! & 0x0f) | 0x40;
      hex[8] = (hex[8]! & 0x3f) | 0x80;
      return hex.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    };
    this.#replace(Math as unknown as Replaced, { random: () => random.next() });
    this.#replace(crypto as unknown as Replaced, { randomUUID: uuid, randomBytes: bytes });
  }

  #ownFiles(): void {
    const sync = fs as unknown as Record<string, (...given: unknown[]) => unknown>;
    const promised: Replaced = {};
    for (const name of Object.keys(fs.promises)) {
      const work = sync[`${name}Sync`];
      if (typeof work === "function")
        promised[name] = (...given: unknown[]) => this.#answered(() => work(...given));
    }
    promised.open = (path: string, flags?: string | number, mode?: number) =>
      this.#answered(() => this.#handle(fs.openSync(path, flags ?? "r", mode)));
    this.#replace(fs.promises as unknown as Replaced, promised);
    const whole = (path: string) => this.#answered(() => fs.readFileSync(path));
    // Whoever watches a file looks at it now and then as well.
    this.#replace(fs as unknown as Replaced, {
      createReadStream: (path: string, { highWaterMark = 65_536 } = {}) =>
        Readable.from(
          (async function* () {
            const bytes = await whole(path);
            for (let from = 0; from < bytes.length; from += highWaterMark)
              yield bytes.subarray(from, from + highWaterMark);
          })(),
        ),
      watch: () => Object.assign(new EventEmitter(), { close: () => {}, ref: () => {}, unref: () => {} }),
    });
  }

  #handle(fd: number): object {
    const does =
      (work: (...given: never[]) => unknown) =>
      (...given: unknown[]) =>
        this.#answered(() => work(...(given as never[])));
    return {
      fd,
      close: does(() => fs.closeSync(fd)),
      sync: does(() => fs.fsyncSync(fd)),
      datasync: does(() => fs.fdatasyncSync(fd)),
      stat: does(() => fs.fstatSync(fd)),
      chmod: does((mode: number) => fs.fchmodSync(fd, mode)),
      truncate: does((length?: number) => fs.ftruncateSync(fd, length)),
      utimes: does((at: number, mt: number) => fs.futimesSync(fd, at, mt)),
      readFile: does((options?: BufferEncoding) => fs.readFileSync(fd, options)),
      writeFile: does((data: string) => fs.writeFileSync(fd, data)),
      read: does((buffer: Buffer, offset?: number, length?: number, position?: number | null) => ({
        bytesRead: fs.readSync(
          fd,
          buffer,
          offset ?? 0,
          length ?? buffer.length - (offset ?? 0),
          position ?? null,
        ),
        buffer,
      })),
      write: does((buffer: Buffer, offset?: number, length?: number, position?: number | null) => ({
        bytesWritten: fs.writeSync(
          fd,
          buffer,
          offset ?? 0,
          length ?? buffer.length - (offset ?? 0),
          position ?? null,
        ),
        buffer,
      })),
      [Symbol.asyncDispose]: does(() => fs.closeSync(fd)),
    };
  }

  #answered<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.soon(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #replace(target: Replaced, by: Replaced): void {
    for (const [name, value] of Object.entries(by)) {
      const before = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
      this.#undo.push(() => {
        if (before) Object.defineProperty(target, name, before);
        else delete target[name];
      });
    }
  }
}
