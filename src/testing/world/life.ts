import { cpSync, rmSync } from "node:fs";
import type { Config } from "../../config/index.js";
import { type Gateway, gatewayOf } from "../../gateway/index.js";
import type { ClockScope, Database, Log, StartedProgram } from "../../platform/index.js";
import type { InProcessChild } from "../../simulator/index.js";
import { openStateDatabase, type Store, storeOver } from "../../store/index.js";
import type { MakeAgent } from "../../turns/index.js";
import { type DatabaseWatcher, GuardedDatabase } from "./guarded-database.js";
import type { LifeProcess } from "./life-process.js";

/** What a life of a gateway begins with. */
export interface LifeOptions {
  config: Config;
  configFile: { path: string; source: string };
  state: LifeState;
  log: Log;
  /** Ended with it. */
  process: LifeProcess;
  /** Starts imsg. @param cliPath the program that the account names @throws where there is none of that name */
  startImsg: (args: readonly string[], cliPath: string) => InProcessChild;
  makeAgent: MakeAgent;
  sees: LifeWatcher;
}

/** Where a life keeps its state. */
export interface LifeState {
  /** Its folder. */
  dir: string;
  /** Whether it is forced to the disk where the product does that; else it survives this process and no power cut. */
  isForced: boolean;
}

/** Sees what a life asks of what is around it. */
export interface LifeWatcher {
  /** What the state database is asked. */
  database?: DatabaseWatcher;
  /** A line is written to imsg. @param cliPath the program that the account names */
  request?(line: string, cliPath: string): void;
  /** A state database was opened. */
  opened?(database: Database, path: string): void;
}

/** Files of a state directory that belong to the process, not to the state. */
const ofProcess = ["gateway.lock", "state.db-shm"];

/**
 * One life of a gateway, from its start to its orderly stop or its death. A death leaves it as a killed process is left:
 * its timers never go off, its database is closed, and nobody hears it.
 */
export class Life {
  readonly gateway: Gateway;
  readonly stateDir: string;
  readonly process: LifeProcess;
  readonly children = new Set<InProcessChild>();
  #databases: GuardedDatabase[] = [];
  #store: Store | undefined;
  #isDead = false;

  constructor(private readonly options: LifeOptions) {
    const { config, configFile, process, log } = options;
    const { clock } = process.scope;
    const stateDir = options.state.dir;
    this.stateDir = stateDir;
    this.process = process;
    this.gateway = gatewayOf(
      {
        config,
        configFile,
        stateDir,
        clock,
        log: this.#whileAlive(log),
        env: {},
        home: stateDir,
      },
      {
        // A state on a server is opened as the product opens it.
        ...(config.store.url === undefined && {
          openStore: (path, storeClock) => {
            this.#store = storeOver(this.#open(path), path, storeClock ?? clock);
            return this.#store;
          },
        }),
        startImsg: (args, cliPath) => this.#start(args, cliPath),
        makeAgent: options.makeAgent,
        hasControl: false,
      },
    );
  }

  /** Its time. */
  get scope(): ClockScope {
    return this.process.scope;
  }

  /** Its state, to be looked at; undefined before it was opened, and where it is on a server. */
  get store(): Store | undefined {
    return this.#store;
  }

  /** Whether it was killed. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /**
   * The process dies at this instant.
   * @param into a folder that gets the state as it is then
   */
  die(into: string): void {
    this.#isDead = true;
    this.scope.end();
    cpSync(this.stateDir, into, {
      recursive: true,
      filter: (path) => !ofProcess.some((name) => path.endsWith(`/${name}`)),
    });
    for (const database of this.#databases) database.close();
    rmSync(this.stateDir, { recursive: true, force: true });
    for (const child of this.children) child.stdin.end();
  }

  #open(path: string): GuardedDatabase {
    const { sees, state } = this.options;
    const database = new GuardedDatabase(openStateDatabase(path), sees.database ?? {}, state.isForced);
    this.#databases.push(database);
    sees.opened?.(database, path);
    return database;
  }

  #start(args: readonly string[], cliPath: string): StartedProgram {
    if (this.#isDead) throw new Error("the process that starts it is dead");
    const child = this.options.startImsg(args, cliPath);
    this.children.add(child);
    const write = child.stdin.write.bind(child.stdin);
    child.stdin.write = (text) => {
      this.options.sees.request?.(String(text), cliPath);
      return write(text);
    };
    // What it says comes from outside, and so does its end.
    for (const end of [child, child.stdout, child.stderr]) {
      const emit = end.emit.bind(end);
      end.emit = (name: string, ...given: unknown[]) => {
        this.process.arrives(() => emit(name, ...given));
        return true;
      };
    }
    child.once("close", () => this.children.delete(child));
    return { child, signal: (signal) => child.signal(signal) };
  }

  #whileAlive(log: Log): Log {
    const told = (level: keyof Log) => (message: string, fields?: Record<string, unknown>) => {
      if (!this.#isDead) log[level](message, fields);
    };
    return { debug: told("debug"), info: told("info"), warn: told("warn"), error: told("error") };
  }
}
