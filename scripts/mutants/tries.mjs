// Tries mutants one after the other on every core: first which test files reach which, then those files with it on.
import { fork, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/** A mutant that makes a loop endless is noticed by whoever waits; so long a try may take, milliseconds. */
const longestTryMs = 120_000;
const workerPath = new URL("worker.mjs", import.meta.url).pathname;

export class Tries {
  constructor(root, config) {
    this.root = root;
    this.config = config;
  }

  /**
   * @param mutants each with an `id`
   * @param told after each: how many are done, and the verdict
   * @returns `{ mutant, state, by }`: `noticed`, `survived`, or `not reached` by any test
   */
  async all(mutants, told) {
    const reached = this.#reached();
    const verdicts = [];
    const open = [...mutants];
    const run = async () => {
      const worker = new Worker(this.root, this.config);
      const anyFiles = reached.get(mutants.find(({ id }) => reached.has(id))?.id) ?? [];
      if (anyFiles.length > 0 && (await worker.try("none", anyFiles)).isNoticed)
        throw new Error("the tests fail here without any mutant");
      for (let mutant = open.shift(); mutant !== undefined; mutant = open.shift()) {
        const files = nearestFirst(reached.get(mutant.id) ?? [], join(this.root, mutant.file));
        const verdict = { mutant, ...(await tried(worker, mutant, files)) };
        verdicts.push(verdict);
        told(verdicts.length, verdict);
      }
      worker.end();
    };
    await Promise.all(Array.from({ length: availableParallelism() }, run));
    return verdicts;
  }

  /** Test files by the mutants that they reach. @throws when the tests fail without any mutant */
  #reached() {
    const file = join(this.root, "reached.jsonl");
    const { status } = spawnSync(
      process.execPath,
      [join(this.root, "node_modules/vitest/vitest.mjs"), "run", "--config", this.config, "--reporter=dot"],
      {
        cwd: this.root,
        env: { ...process.env, MUTANTS_REACHED: file },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    if (status !== 0 || !existsSync(file)) throw new Error("the unit tests fail without any mutant");
    const reached = new Map();
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const { testPath, ids } = JSON.parse(line);
      for (const id of ids) reached.set(id, [...(reached.get(id) ?? []), testPath]);
    }
    return reached;
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

  constructor(root, config) {
    this.root = root;
    this.config = config;
  }

  async try(id, files) {
    this.#child ??= await this.#start();
    const child = this.#child;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#giveUp("it never came to an end"), longestTryMs);
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

  /** With the processes that it runs the tests in. */
  #giveUp() {
    try {
      if (this.#child?.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  #start() {
    const child = fork(workerPath, [this.root, this.config], {
      cwd: this.root,
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    return new Promise((resolve, reject) => {
      child.once("message", () => {
        child.removeAllListeners();
        resolve(child);
      });
      child.once("exit", (code) => reject(new Error(`vitest ended with ${code} before it began`)));
    });
  }
}
