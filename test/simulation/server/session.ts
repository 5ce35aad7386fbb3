import type { StateServer } from "./server.js";
import type { WorldSocket } from "./socket.js";
import {
  ClientMessages,
  complete,
  endsUnit,
  failure,
  greeting,
  isEnd,
  named,
  notification,
  preparedIn,
  queryIn,
  ready,
} from "./wire.js";

/** One client's session at the server of a world. */
export class Session {
  isOpen = true;
  /** Whether it hears of commits. */
  listens = false;
  /** Its transaction was undone while its client stood still, and it does not know yet. */
  isUndone = false;
  /** The transaction that was undone was told of that, and is to be ended. */
  #hasFailed = false;
  #isGreeted = false;
  readonly #messages = new ClientMessages();
  #unit: Buffer[] = [];
  readonly #units: Buffer[][] = [];
  readonly #prepared: string[] = [];
  /** Others may come between its transactions: those that only read see one moment. */
  #isSerializable = false;
  /** What is on its way to the client goes before what is sent now. */
  #onItsWay = 0;

  readonly #in: (act: () => void) => void;
  readonly #out: (act: () => void) => void;

  constructor(
    private readonly server: StateServer,
    private readonly socket: WorldSocket,
    readonly node: number,
    private readonly name: string,
  ) {
    this.#in = server.line(node);
    this.#out = server.line(node);
  }

  /** Bytes of the client: in the middle of its transaction they are here at once, for nobody sees what they take. */
  receive(bytes: Buffer): void {
    if (this.server.floor === this) this.#take(bytes);
    else this.#in(() => this.#take(bytes));
  }

  /** Carries out what was asked for so far. */
  work(): void {
    for (let unit = this.#units.shift(); unit && this.isOpen; unit = this.#units.shift()) {
      const sql = queryIn(unit.at(-1)!);
      this.server.parts.passes(this.node, "before");
      // Its process or its connection may have ended by that.
      if (!this.isOpen) return;
      if (this.isUndone || this.#hasFailed) this.#refuse(sql);
      else this.#carryOut(unit, sql);
    }
  }

  /** The client is gone, or says good-bye: what it had open is undone. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.undo();
    this.server.ended(this, this.#prepared);
  }

  /** Undoes what is open; the client is told at its next word that another transaction came between. */
  undo(): void {
    if (this.server.floor !== this) return;
    this.server.parts.database.rows("ROLLBACK");
    this.server.floor = undefined;
    this.isUndone = true;
  }

  /** The server ends it. @param code of appendix A of its manual */
  fail(code: string, message: string): void {
    if (!this.isOpen) return;
    this.end();
    this.#out(() => {
      this.socket.carries(failure("FATAL", code, message));
      this.socket.breaks();
    });
  }

  /** The connection breaks. */
  breakOff(code: string): void {
    if (!this.isOpen) return;
    this.end();
    this.server.soon(() => this.socket.breaks(code));
  }

  /** Tells it of a commit. */
  told(channel: string, payload: string): void {
    if (this.isOpen) this.#out(() => this.socket.carries(notification(channel, payload)));
  }

  #take(bytes: Buffer): void {
    if (!this.isOpen) return;
    for (const message of this.#messages.push(bytes)) {
      if (!this.#isGreeted) {
        this.#isGreeted = true;
        this.#answer(greeting);
      } else if (isEnd(message)) {
        this.end();
        return;
      } else {
        const prepared = preparedIn(message);
        if (prepared !== undefined) this.#prepared.push(this.name + prepared);
        this.#unit.push(named(message, this.name));
        if (!endsUnit(message)) continue;
        this.#units.push(this.#unit);
        this.#unit = [];
      }
    }
    if (this.#units.length > 0) this.server.serve(this);
  }

  #carryOut(unit: Buffer[], sql: string | undefined): void {
    const { database, random, ledger } = this.server.parts;
    if (sql?.startsWith("BEGIN")) this.#isSerializable = sql.includes("SERIALIZABLE");
    const mayMeet = sql === "COMMIT" && this.#isSerializable && this.server.floor === this;
    if (mayMeet && random.chance(conflicts)) {
      ledger.count("transaction that met another one");
      database.rows("ROLLBACK");
      this.server.floor = undefined;
      this.#answer(Buffer.concat([serialization, ready("I")]));
      return;
    }
    if (sql?.startsWith("LISTEN")) this.listens = true;
    const { bytes, status, notices } = database.ask(Buffer.concat(unit));
    const isOpen = status !== "I";
    this.server.floor = isOpen ? this : undefined;
    if (notices.length > 0) this.server.tell(channel, notices);
    if (sql === "COMMIT") this.server.parts.committed();
    this.server.parts.passes(this.node, "after");
    if (!this.isOpen) return;
    // Its own work alone goes on in the middle of a transaction, and at once.
    if (isOpen && this.#onItsWay === 0) process.nextTick(() => this.socket.carries(bytes));
    else this.#answer(bytes);
  }

  /** As the server answers a transaction that another one came between, until the client ends it. */
  #refuse(sql: string | undefined): void {
    if (!this.#isSerializable) {
      this.fail("25P03", "terminating connection due to idle-in-transaction timeout");
      return;
    }
    const isEnd = sql === "ROLLBACK" || sql === "COMMIT";
    const isTold = this.#hasFailed;
    this.isUndone = false;
    this.#hasFailed = !isEnd;
    const [status, error] = [isEnd ? "I" : "E", isTold ? aborted : serialization];
    this.#answer(
      Buffer.concat([isEnd && (isTold || sql === "ROLLBACK") ? complete("ROLLBACK") : error, ready(status)]),
    );
  }

  #answer(bytes: Buffer): void {
    this.#onItsWay++;
    this.#out(() => {
      this.#onItsWay--;
      this.socket.carries(bytes);
    });
  }
}

/** Where commits are told of. */
const channel = "tapback_tapback";
/** So many of the commits meet a transaction that came between, as among several machines. */
const conflicts = 0.01;
const serialization = failure("ERROR", "40001", "could not serialize access due to concurrent update");
const aborted = failure("ERROR", "25P02", "current transaction is aborted");
