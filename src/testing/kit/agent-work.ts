import type { ChildProcess } from "node:child_process";
import type { Agent, AgentEvent, AgentTurn } from "../../agents/index.js";
import { type Clock, programsUnderWay } from "../../platform/index.js";

/** A test may put others in their place while a world goes on. */
const { setImmediate, setTimeout, clearTimeout } = globalThis;

/** What follows from one timer takes this many turns of the event loop, where no file is waited for. */
const turnsOfLoop = 5;
/** No file of a world takes so long; whatever reads on is not the world's, milliseconds. */
const longestReadMs = 2000;

/**
 * Real work in the midst of virtual time: while an agent works, the gateway runs a program to its end (one of `voice`, say), or a
 * file is read or written, no time of the world passes.
 * An agent that waits for the world itself (an action, a sleep) is not at work.
 */
export class AgentWork {
  #atWork = 0;
  /** Runs that began before the last {@link leaveAll} count no more. */
  #era = 0;
  #changed: () => void = () => {};
  /** Programs for which the patience is over. */
  readonly #left = new WeakSet<ChildProcess>();

  /** @param patienceMs how long an agent or a program may work in one go; then the world's time goes on without it, milliseconds */
  constructor(private readonly patienceMs: number) {}

  /** Waits until all that needs none of the world's time has followed: the `settle` of the world's clock. */
  readonly settle = async (): Promise<void> => {
    for (;;) {
      await idle();
      const programs = programsUnderWay().filter((program) => !this.#left.has(program));
      if (programs.length > 0) await this.#oneEnds(programs);
      else if (this.#atWork <= 0) return;
      else await this.#change();
    }
  };

  /** The work that goes on now is waited for no more: its process is dead, or its patience is over. */
  leaveAll(): void {
    this.#era++;
    this.#atWork = 0;
    this.#changed();
  }

  /** An agent whose turns are waited for. */
  watched(agent: Agent): Agent {
    const { canSteer, sessions } = agent;
    return {
      ...(canSteer && { canSteer }),
      run: (turn, signal) => this.#run(agent, turn, signal),
      reset: (sessionKey) => agent.reset(sessionKey),
      close: () => agent.close(),
      ...(sessions && { sessions: () => sessions.call(agent) }),
    };
  }

  /** A clock on which a turn may sleep: meanwhile it is not at work. */
  sleepingOn(clock: Clock): Clock {
    return { ...clock, sleep: (ms, signal) => this.#outside(this.#era, () => clock.sleep(ms, signal)) };
  }

  async *#run(agent: Agent, turn: AgentTurn, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const era = this.#era;
    let isOver = false;
    const end = () => {
      if (!isOver) this.#count(era, -1);
      isOver = true;
    };
    this.#count(era, 1);
    signal.addEventListener("abort", end, { once: true });
    const events = agent.run(this.#turnOf(turn, era), signal)[Symbol.asyncIterator]();
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) {
        this.#count(era, -1);
        try {
          yield next.value;
        } finally {
          this.#count(era, 1);
        }
      }
    } finally {
      signal.removeEventListener("abort", end);
      end();
      await events.return?.();
    }
  }

  /** The turn, with all that waits for the world marked. */
  #turnOf(turn: AgentTurn, era: number): AgentTurn {
    const { message, schedule, history, ask } = turn;
    const outside = <T>(work: () => Promise<T>) => this.#outside(era, work);
    return {
      ...turn,
      message: {
        act: (action, parameters) => outside(() => message.act(action, parameters)),
        offered: () => message.offered(),
        begun: () => message.begun(),
      },
      schedule: {
        add: (dueAt, text, plan) => outside(() => schedule.add(dueAt, text, plan)),
        list: () => outside(() => schedule.list()),
        cancel: (id) => outside(() => schedule.cancel(id)),
      },
      ask: { ask: (asked) => outside(() => ask.ask(asked)) },
      ...(history && {
        history: {
          recent: (limit) => outside(() => history.recent(limit)),
          search: (query, limit) => outside(() => history.search(query, limit)),
        },
      }),
    };
  }

  async #outside<T>(era: number, work: () => Promise<T>): Promise<T> {
    this.#count(era, -1);
    try {
      return await work();
    } finally {
      this.#count(era, 1);
    }
  }

  #count(era: number, change: number): void {
    if (era !== this.#era) return;
    this.#atWork += change;
    this.#changed();
  }

  #oneEnds(programs: ChildProcess[]): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const program of programs) this.#left.add(program);
        resolve();
      }, this.patienceMs);
      const end = () => {
        clearTimeout(timer);
        resolve();
      };
      for (const program of programs) program.once("close", end);
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.leaveAll(), this.patienceMs);
      this.#changed = () => {
        clearTimeout(timer);
        this.#changed = () => {};
        resolve();
      };
    });
  }
}

/** Waits until the event loop has nothing at hand, and no file is waited for. */
async function idle(): Promise<void> {
  const began = performance.now();
  do for (let turns = 0; turns < turnsOfLoop; turns++) await new Promise((resolve) => setImmediate(resolve));
  while (isReading() && performance.now() - began < longestReadMs);
}

function isReading(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));
}
