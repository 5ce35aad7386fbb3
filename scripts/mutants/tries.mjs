// Tries mutants one after the other: first which test files reach which, then those files with it on.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { importersIn } from "./importers.mjs";

/** A mutant that makes a loop endless is noticed by whoever waits; so long a try may take, milliseconds. */
const longestTryMs = 300_000;
const workerPath = new URL("worker.mjs", import.meta.url).pathname;

export class Tries {
  /** What runs now, each with the processes that it started. */
  #children = new Set();

  /**
   * @param root of the copy
   * @param config of vitest
   * @param jobs how many mutants are tried at once
   */
  constructor(root, config, jobs) {
    this.root = root;
    this.config = config;
    this.jobs = jobs;
  }

  /** Ends every process of the tries, also those that a mutant hangs. */
  end() {
    for (const child of this.#children) killGroup(child);
  }

  /**
   * @param mutants each with an `id`
   * @param told after each: `{ mutant, state, by }`, with `noticed`, `survived`, or `not reached` by any test
   */
  async all(mutants, told) {
    const reached = await this.#reached(mutants);
    const open = [...mutants];
    const run = async () => {
      const worker = new Worker(this.root, this.config, (child) => this.#keep(child));
      try {
        const [anyFile] = [...reached.values()].find(({ size }) => size > 0) ?? [];
        if (anyFile !== undefined && (await worker.try("none", [anyFile])).isNoticed)
          throw new Error("the tests fail here without any mutant");
        for (let mutant = open.shift(); mutant !== undefined; mutant = open.shift()) {
          const files = nearestFirst(reached.get(mutant.id), join(this.root, mutant.file));
          told({ mutant, ...(await tried(worker, mutant, files)) });
        }
      } finally {
        worker.end();
      }
    };
    await Promise.all(Array.from({ length: this.jobs }, run));
  }

  #keep(child) {
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  /**
   * Test files by the mutants that they reach. A source is loaded once for all of them; so what runs while it loads counts
   * as reached by every test file that would load it. @throws when the tests fail without any mutant, twice: on a busy machine
   * one may fail once
   */
  async #reached(mutants) {
    const file = join(this.root, "reached.jsonl");
    if (!(await this.#passes(file)) && !(await this.#passes(file)))
      throw new Error("the unit tests fail without any mutant");
    const reached = new Map(mutants.map(({ id }) => [id, new Set()]));
    const ran = new Set();
    const loaded = new Set();
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const { testPath, loading, ids } = JSON.parse(line);
      ran.add(testPath);
      for (const id of ids) reached.get(id)?.add(testPath);
      for (const id of loading) loaded.add(id);
    }
    const importersOf = importersIn(this.root);
    for (const { id, file: source } of mutants.filter((mutant) => loaded.has(mutant.id)))
      for (const path of importersOf(join(this.root, source))) if (ran.has(path)) reached.get(id).add(path);
    return reached;
  }

  /** Runs all tests without a mutant. @param file takes a line of each test file @returns whether they pass */
  async #passes(file) {
    rmSync(file, { force: true });
    const child = spawn(
      process.execPath,
      [
        ...[join(this.root, "node_modules/vitest/vitest.mjs"), "run", "--config", this.config],
        ...["--reporter=dot", "--tags-filter", "!long"],
      ],
      {
        cwd: this.root,
        detached: true,
        env: { ...process.env, MUTANTS_REACHED: file, MUTANTS_JOBS: String(this.jobs) },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    const [status] = await once(this.#keep(child), "exit");
    return status === 0 && existsSync(file);
  }
}

async function tried(worker, { id }, files) {
  if (files.length === 0) return { state: "not reached" };
  const { isNoticed, by } = await worker.try(id, files);
  return { state: isNoticed ? "noticed" : "survived", by };
}

/** The tests beside a file are the likeliest to notice, and the quickest. */
function nearestFirst(files, source) {
  const shared = (path) => {
    let folder = dirname(source);
    let steps = 0;
    for (; !path.startsWith(`${folder}/`); folder = dirname(folder)) steps++;
    return steps;
  };
  return [...files].sort((a, b) => shared(a) - shared(b));
}

/** A vitest of its own process, begun anew when a mutant hangs it. */
class Worker {
  #child;

  constructor(root, config, keep) {
    this.root = root;
    this.config = config;
    this.keep = keep;
  }

  async try(id, files) {
    this.#child ??= await this.#start();
    const child = this.#child;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp(), longestTryMs);
      const finish = (answer) => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (child.exitCode !== null || child.signalCode !== null) this.#child = undefined;
        resolve(answer);
      };
      child.once("message", finish);
      child.once("exit", () => finish({ isNoticed: true, by: "the tests never came to an end" }));
      child.send({ id, files });
    });
  }

  end() {
    this.#giveUp();
  }

  #giveUp() {
    if (this.#child !== undefined) killGroup(this.#child);
  }

  #start() {
    const child = this.keep(
      fork(workerPath, [this.root, this.config], {
        cwd: this.root,
        detached: true,
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      }),
    );
    return new Promise((resolve, reject) => {
      child.once("message", () => {
        child.removeAllListeners();
        resolve(child);
      });
      child.once("exit", (code) => reject(new Error(`vitest ended with ${code} before it began`)));
    });
  }
}

/** Ends a process with those that it started: each is the first of its group. */
function killGroup(child) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
