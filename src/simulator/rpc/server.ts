import { messageOf, type StopTimer } from "../../platform/index.js";
import { Helper } from "../helper/helper.js";
import { ChatBook } from "../reading/chats.js";
import { keepVersion, type Place } from "../world/place.js";
import { closedWorld, openAsImsg, type World } from "../world/world.js";
import { methodOf, type PlayedMethod } from "./catalogue.js";
import { withoutNames } from "./cold-contacts.js";
import { internal, RpcError } from "./errors.js";
import { type FrameError, frame, parseRequest, type Request } from "./frame.js";
import { Lanes } from "./lanes.js";
import type { Call, Method } from "./method.js";
import { needsDatabase } from "./needs.js";
import type { Outside } from "./outside.js";
import { knownValues, Parameters } from "./parameters.js";
import { permissionText } from "./permission-text.js";
import { Subscriptions } from "./subscriptions.js";
import { troubleAfter, troubleBefore } from "./trouble.js";

/** Requests that are not answered yet, at most, since 0.14.0 (protocol reference 2.2). */
const maxOutstanding = 128;

/** `imsg rpc`: one request a line in, one answer a line out (protocol reference 1 to 3). */
export class RpcServer {
  readonly #lanes: Lanes;
  readonly #strict: boolean;
  readonly #subscriptions: Subscriptions;
  readonly #links = new Map<string, number>();
  #world: World | undefined;
  #chats: ChatBook | undefined;
  #blocked: RpcError | undefined;
  /** Why the database could not be opened; before 0.14.0 that stays so for the life of the process. */
  #unavailable: string | undefined;
  readonly #warmAt: number;
  #stopWorking: StopTimer = () => {};
  /** Whether the last look at the database was refused. */
  #denied = false;

  private readonly place: Place;

  constructor(
    given: Place,
    private readonly outside: Outside,
  ) {
    const place = keepVersion(given);
    this.place = place;
    this.#strict = place.since("0.14.0");
    this.#lanes = new Lanes(this.#strict);
    this.#subscriptions = new Subscriptions(place);
    const cold = place.faults.fires("contacts-cold");
    this.#warmAt = cold === undefined ? 0 : place.host.clock.now() + (cold.ms ?? 5000);
    this.#open();
    this.#playMessages();
  }

  get #contactsAreCold(): boolean {
    return this.place.host.clock.now() < this.#warmAt;
  }

  /** Messages works off what children left behind; whoever runs plays it. */
  #playMessages(): void {
    if (!this.place.since("0.15.0")) return;
    const helper = new Helper(this.place);
    let said = "";
    const work = () => {
      try {
        if (this.#world) helper.workOff(this.#world);
      } catch (error) {
        // Told once: it is looked again in a moment.
        if (said !== messageOf(error)) this.outside.complain(messageOf(error));
        said = messageOf(error);
      }
    };
    work();
    this.#stopWorking = this.place.host.clock.every(this.place.host.lookMs, work);
  }

  /** Takes one line of stdin. Bytes that are no UTF-8 have become U+FFFD in it, as in imsg (protocol reference 2.1). */
  accept(line: string): void {
    const trimmed = line.trim();
    if (trimmed === "") return;
    let request: Request;
    try {
      request = parseRequest(trimmed, this.#strict);
    } catch (error) {
      this.#refuse((error as FrameError).id, error);
      return;
    }
    let method: PlayedMethod | undefined;
    try {
      const { clock, pid } = this.place.host;
      if (this.place.settings().record) this.place.requests.add({ at: clock.now(), pid, ...request });
      method = methodOf(this.place, request.method);
    } catch (error) {
      // Somebody is writing the world's settings.
      this.#refuse(request.id, error);
      return;
    }
    if (this.#strict && this.#lanes.outstanding >= maxOutstanding) {
      this.#answerError(
        request.id,
        new RpcError(-32000, "Server busy", "too many requests"),
        request.id !== undefined,
      );
      return;
    }
    this.#lanes.run(method?.lane ?? "control", () => this.#handle(request, method));
  }

  /** Answers what cannot be carried out, in its turn. */
  #refuse(id: unknown, error: unknown): void {
    const wanted = id !== undefined || !this.#strict;
    this.#lanes.run("control", async () => this.#answerError(id ?? null, error, wanted));
  }

  /** Ends the subscriptions, finishes what was accepted. @returns the exit code */
  async end(): Promise<number> {
    await this.#lanes.idle();
    this.#subscriptions.stopAll();
    this.#stopWorking();
    this.finish();
    this.#world?.close();
    this.#world = undefined;
    const isClosed = this.#denied || this.#unavailable !== undefined;
    return isClosed && !this.#strict ? 1 : 0;
  }

  /** This process ends now: what Messages would do a little later is done. */
  finish(): void {
    this.#world?.finish();
  }

  /** As {@link finish}, for a server whose process goes on without it: lets go of all that it holds. */
  abandon(): void {
    this.finish();
    this.#subscriptions.stopAll();
    this.#stopWorking();
    this.#world?.close();
    this.#world = undefined;
  }

  async #handle(request: Request, method: PlayedMethod | undefined): Promise<void> {
    const { id } = request;
    try {
      const arrival = { faults: this.place.faults, clock: this.place.host.clock };
      const dying = await troubleBefore(arrival, request.method, this.outside);
      const result = await this.#run(request, method);
      const line = this.#frame({ id, result });
      const answered = troubleAfter(this.place.faults, request.method, this.outside, line);
      if (id !== undefined && answered) this.outside.write(line);
      if (dying !== undefined) this.outside.exit(dying.code ?? 1);
    } catch (error) {
      // Before 0.14.0 an error is written also when no answer was wanted (protocol reference 2.1).
      this.#answerError(id ?? null, error, id !== undefined || !this.#strict);
    }
  }

  async #run(request: Request, method: PlayedMethod | undefined): Promise<unknown> {
    if (!this.#strict) this.#requireDatabase();
    if (method === undefined) throw new RpcError(-32601, "Method not found", request.method);
    // Seen in branches only (protocol reference 23).
    if (method.lane === "mutation" && this.place.settings().readOnly)
      throw new RpcError(-32001, "Read-only mode", request.method);
    const params = knownValues(request.params, method.parameters, this.#strict);
    if (this.#strict) {
      // What is written goes there in this world, also where imsg would not read it.
      if (readsDatabase(method, request) || (method.lane !== "control" && this.#world === undefined))
        this.#requireDatabase();
    }
    // A subscription is taken, and fails at its first look.
    const locked =
      method.lane === "control" ? undefined : this.place.faults.fires("database-locked", request.method);
    if (locked !== undefined) {
      await this.place.host.clock.sleep(locked.ms ?? 5000);
      throw internal("database is locked (code: 5)");
    }
    if (this.#blocked !== undefined && method.lane === "mutation") throw this.#blocked;
    return await method.run(this.#call({ ...request, params }));
  }

  #call({ method, params }: Request): Call {
    const world = this.#world ?? closedWorld(this.place, this.#unavailable);
    // Kept for the life of the process before 0.14.0 (protocol reference 3.4 item 9).
    this.#chats ??= new ChatBook(world, !this.#strict);
    return {
      world,
      method,
      params: new Parameters(params, this.#strict),
      chats: this.#chats,
      subscriptions: this.#subscriptions,
      links: this.#links,
      contactsAreCold: () => this.#contactsAreCold,
      exit: (code) => this.outside.exit(code),
      notify: (name, values) => this.#write({ method: name, params: values }),
    };
  }

  #frame(value: Record<string, unknown>): string {
    return frame(this.#contactsAreCold ? (withoutNames(value) as Record<string, unknown>) : value);
  }

  #write(value: Record<string, unknown>): void {
    this.outside.write(this.#frame(value));
  }

  #open(): void {
    try {
      this.#world = openAsImsg(this.place);
      this.#chats = undefined;
      this.#unavailable = undefined;
    } catch (error) {
      this.#unavailable = messageOf(error);
    }
  }

  #requireDatabase(): void {
    if (this.#world === undefined && this.#strict) this.#open();
    const denied = this.place.faults.fires("permission-denied");
    const cause = denied === undefined ? this.#unavailable : "authorization denied (code: 23)";
    this.#denied = cause !== undefined;
    if (cause === undefined) return;
    if (!this.#strict) throw internal(permissionText(this.place.dbPath, cause));
    const data = { path: this.place.dbPath, detail: cause, retryable: true };
    throw new RpcError(-32002, "Database unavailable", data);
  }

  #answerError(id: unknown, error: unknown, wanted: boolean): void {
    const known = error instanceof RpcError ? error : internal(messageOf(error));
    const { disposition } = (known.data ?? {}) as { disposition?: unknown };
    if (disposition === "still_in_flight")
      this.#blocked = new RpcError(-32004, "Mutation lane blocked", known.data);
    const data = known.data === undefined ? {} : { data: known.data };
    if (wanted)
      this.outside.write(frame({ id, error: { code: known.code, message: known.message, ...data } }));
  }
}

/** Whether the database must be readable: not for most of what Messages does to a chat or a person that is named whole. */
function readsDatabase({ lane, withoutDatabase }: Method, { method, params }: Request): boolean {
  const isGiven = (...names: string[]) => names.some((name) => Object.hasOwn(params, name));
  if (isGiven("chat_id", "chat_identifier") || needsDatabase(method)) return true;
  // What carries a file or a link is looked for (protocol reference 15.4).
  if (method === "send.rich") return isGiven("file", "path", "url");
  return lane !== "mutation" && withoutDatabase !== true;
}
