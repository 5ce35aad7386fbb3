import { setMaxListeners } from "node:events";
import { chmod, open, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import {
  err,
  follow,
  messageOf,
  ok,
  type ProgramRun,
  type Result,
  runProgram,
  TapbackError,
} from "../../platform/index.js";
import type { RemoteFiles } from "../contract.js";
import { BridgeError } from "../error.js";
import { fault } from "../imsg/faults.js";
import { hopFault } from "./hop-fault.js";
import type { HopRun } from "./hop-run.js";
import { fileMeaning } from "./hop-text.js";
import { RealPaths } from "./real-paths.js";
import { makeRemoteFolder, removeRemoteFolder, sweepRemoteFolders } from "./remote-folder.js";
import { type RemoteMac, scpArguments } from "./remote-mac.js";
import { type CopyForm, copyFormOf, isFetchable, isPlain, quotedFor } from "./remote-path.js";
import { Slots } from "./slots.js";

/** Copies under way at once: sshd refuses connections by chance from ten that have not logged in (MaxStartups). */
const mostAtOnce = 4;
/** For one command on the Mac, milliseconds: the connection may take ten seconds. */
const commandMs = 20_000;
/** Slowest way out that is put up with, bytes in a second. */
const slowestPerSecond = 50_000;
/** How often a file that comes in is measured, milliseconds. */
const measureMs = 50;

/** Files of a Mac over scp and ssh (behaviour 7.3); host keys are never accepted here, passwords never asked for. */
export class SshFiles implements RemoteFiles {
  readonly #slots = new Slots(mostAtOnce);
  #stop = stopper();
  #form: Promise<CopyForm> | undefined;
  readonly #paths = new RealPaths(() => this.#hop());

  /** @param env where PATH leads to ssh and scp; by default that of this process */
  constructor(
    private readonly mac: RemoteMac,
    private readonly env?: NodeJS.ProcessEnv,
  ) {}

  async locate(paths: string[], signal?: AbortSignal): Promise<Result<(string | undefined)[], TapbackError>> {
    if (!paths.every(isFetchable)) return err(fault("REMOTE_PATH_REFUSED"));
    const asked = this.#paths.of(paths).then(ok, (error) => err(copyError(error)));
    if (signal === undefined) return asked;
    const stopped = new Promise<Result<never, TapbackError>>((resolve) => {
      const stop = () => resolve(err(fault("REMOTE_COPY_STOPPED")));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
      void asked.then(() => signal.removeEventListener("abort", stop));
    });
    return Promise.race([asked, stopped]);
  }

  async fetch(
    path: string,
    into: string,
    { maxBytes, timeoutMs }: { maxBytes: number; timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<Result<void, TapbackError>> {
    if (!isFetchable(path)) return err(fault("REMOTE_PATH_REFUSED"));
    const over = new AbortController();
    const giveUp = over.signal;
    const unfollow = follow(over, this.#stop.signal, ...(signal ? [signal] : []));
    const fetched = this.#attempt(giveUp, async () => {
      // Made here, so that it is private from its first byte and no link that lies there is followed.
      await (await open(into, "wx", 0o600)).close();
      try {
        await this.#fetch(path, into, maxBytes, timeoutMs, giveUp);
        await chmod(into, 0o600);
      } catch (error) {
        await rm(into, { force: true });
        throw error;
      }
    });
    return fetched.finally(unfollow);
  }

  async place(path: string): Promise<Result<{ path: string; remove(): Promise<void> }, TapbackError>> {
    const giveUp = this.#stop.signal;
    return this.#attempt(giveUp, async () => {
      const { size } = await stat(path);
      const run = this.#hop(giveUp);
      const folder = await makeRemoteFolder(run);
      // Also while everything stops: the folder is ours to remove.
      const remove = () =>
        removeRemoteFolder({ ...run, signal: new AbortController().signal }, folder).catch(() => {});
      try {
        const timeoutMs = commandMs + (size / slowestPerSecond) * 1000;
        // Into the folder, so that the file's name is never part of an argument that somebody reads.
        const place = `${this.mac.host}:${folder}/`;
        const copy = await this.#scp([], path, place, timeoutMs, giveUp);
        if (!isDone(copy)) throw copyFault(copy);
        return { path: `${folder}/${basename(path)}`, remove };
      } catch (error) {
        await remove();
        throw error;
      }
    });
  }

  /** Removes folders on the Mac that an earlier process left behind. @throws BridgeError */
  async sweep(): Promise<void> {
    await sweepRemoteFolders(this.#hop());
  }

  /** Ends what is under way and what waits. */
  close(): void {
    this.#stop.abort();
    this.#stop = stopper();
  }

  #hop(signal = this.#stop.signal): HopRun {
    return { mac: this.mac, env: this.env, timeoutMs: commandMs, signal };
  }

  async #fetch(path: string, into: string, maxBytes: number, timeoutMs: number, giveUp: AbortSignal) {
    const form = isPlain(path) ? "sftp" : await this.#copyForm();
    const asked = form === "sftp-asked" ? ["-s"] : [];
    const tooLarge = new AbortController();
    // scp has no bound of its own.
    const timer = setInterval(async () => {
      const size = (await stat(into).catch(() => undefined))?.size ?? 0;
      if (size > maxBytes) tooLarge.abort();
    }, measureMs);
    try {
      const signal = AbortSignal.any([giveUp, tooLarge.signal]);
      const copy = await this.#scp(
        asked,
        `${this.mac.host}:${quotedFor(form, path)}`,
        into,
        timeoutMs,
        signal,
      );
      if (tooLarge.signal.aborted) throw fault("FILE_TOO_LARGE");
      if (!isDone(copy)) throw copyFault(copy);
    } finally {
      clearInterval(timer);
    }
    if ((await stat(into)).size > maxBytes) throw fault("FILE_TOO_LARGE");
  }

  #scp(
    form: string[],
    from: string,
    to: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ProgramRun> {
    return runProgram("scp", scpArguments(this.mac, form, from, to), { env: this.env, timeoutMs, signal });
  }

  /** Asked once, and only for a name that needs it. */
  #copyForm(): Promise<CopyForm> {
    this.#form ??= runProgram("ssh", ["-V"], { env: this.env, timeoutMs: commandMs }).then((run) =>
      copyFormOf(run.state === "ended" ? run.stderr : ""),
    );
    return this.#form;
  }

  async #attempt<T>(giveUp: AbortSignal, work: () => Promise<T>): Promise<Result<T, TapbackError>> {
    try {
      const done = await this.#slots.within(giveUp, async () => ({ value: await work() }));
      return done ? ok(done.value) : err(fault("REMOTE_COPY_STOPPED"));
    } catch (error) {
      return err(copyError(error));
    }
  }
}

/** Any number of copies may wait on it. */
function stopper(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function copyError(error: unknown): TapbackError {
  return error instanceof TapbackError ? error : fault("REMOTE_COPY_FAILED", { detail: messageOf(error) });
}

function isDone(run: ProgramRun): boolean {
  return run.state === "ended" && run.exitCode === 0;
}

function copyFault(run: ProgramRun): BridgeError {
  if (run.state === "timeout") return fault("REMOTE_COPY_TIMEOUT");
  const failure = hopFault(run);
  return failure instanceof BridgeError ? failure : fault(fileMeaning(failure), { detail: failure });
}
