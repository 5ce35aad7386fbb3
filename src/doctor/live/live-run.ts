import { filesOfPerson, queueSend, targetsIn } from "../../actions/index.js";
import type { Account } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import { macOf } from "../../gateway/index.js";
import { remedyOf } from "../../platform/error-codes/index.js";
import { type Clock, launchRemedy } from "../../platform/index.js";
import type { JournalEntry, OutboxItem, Store } from "../../store/index.js";
import { runningGateway } from "../proof/service-up.js";

/** Between two looks, milliseconds. */
const lookEveryMs = 200;
/** How long Messages may take to take a message, its row to come back, and a change to show; milliseconds. */
const takeMs = 20_000;
const rowMs = 15_000;
const changeMs = 10_000;
/** How many of the newest rows and sends are looked at. */
const newest = 40;

const seconds = (ms: number) => Math.round(ms / 1000);

/** Why a step failed, in words of its own, with what to do. */
export class StepTrouble extends Error {
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Where and with what a live run is made. */
export interface LiveParts {
  stateDir: string;
  home: string;
  account: Account;
  /** The account's own. */
  address: string;
  store: Store;
  clock: Clock;
  /** Whether its private API was loaded when the run began. */
  hasPrivateApi: boolean;
  /** When the whole run has to be over, milliseconds since the epoch. */
  until: number;
}

/** What a live run does and waits for: everything is asked of the running gateway, and looked up in its journal. */
export class LiveRun {
  constructor(private readonly parts: LiveParts) {}

  /** Does an action of behaviour 11 in the chat of the account with itself. @throws TapbackError as the gateway answers */
  async act(action: string, parameters: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { stateDir, account, address } = this.parts;
    const given = { account: account.id, action, parameters: { to: address, ...parameters } };
    const answer = await askGateway(stateDir, "message.act", given, this.#within(takeMs));
    if (answer) return answer.result;
    throw await this.trouble("it was not asked", "Run `tapback doctor --live` once more.");
  }

  /** @returns why an action is not offered there; undefined where it is */
  async lacks(action: string): Promise<string | undefined> {
    const { stateDir, account, address } = this.parts;
    const asked = { account: account.id, parameters: { to: address } };
    const offers = await askGateway(stateDir, "message.actions", asked, this.#within(takeMs));
    const offer = offers?.result.find(({ name }) => name === action);
    return offer?.offered ? undefined : (offer?.why ?? "it is not known here");
  }

  /**
   * Puts a message into the outbox of the gateway, as a person at the command line, and waits until Messages took it.
   * @throws StepTrouble as soon as a try failed, also where the outbox goes on trying; TapbackError where it is refused
   */
  async sent(what: { text?: string; media: string[] }): Promise<OutboxItem> {
    const { store, stateDir, account, address, home, clock } = this.parts;
    const named = targetsIn({ to: address }, account.region);
    if (!named.ok) throw named.error;
    const files = filesOfPerson(stateDir, account.mediaMaxMb);
    const chats = (limit: number) => macOf(account, home).look((reader) => reader.chats(limit));
    const send = { account: account.id, target: named.value[0]!, ...what };
    const ids = await queueSend(store, send, { ...account, files, chats }, clock.now());
    await askGateway(stateDir, "changed", {}, this.#within(takeMs)).catch(() => undefined);
    const item = await this.#until(takeMs, async () => {
      const [found] = await store.outbox.getAll(ids);
      if (found?.error)
        throw new StepTrouble(
          found.error.message,
          remedyOf(found.error.code) ?? "See `tapback inbox --failed`.",
        );
      return found && ["stored", "delivered"].includes(found.state) ? found : undefined;
    });
    if (item) return item;
    throw await this.trouble(
      `Messages did not take it within ${seconds(takeMs)} s`,
      "Look whether a dialog or prompt waits on the Mac's screen. It may still go out: `tapback channels status` tells.",
    );
  }

  /** Waits for a row that the gateway journals. @param own whether it is one that left this account */
  async row(own: boolean, isIt: (entry: JournalEntry) => boolean): Promise<JournalEntry | undefined> {
    const { store, account } = this.parts;
    return this.#until(rowMs, async () => {
      const entries = await store.journal.list({ account: account.id, own, limit: newest });
      return entries.find((entry) => entry.row.fromMe === own && isIt(entry));
    });
  }

  /** Waits until the conversation, as Messages has it, looks as it should. */
  async shows(looks: (texts: Map<string, string>) => boolean): Promise<boolean> {
    const found = await this.#until(changeMs, async () => {
      const { messages } = (await this.act("read", { limit: newest })) as {
        messages?: { MessageSidFull: string; text: string }[];
      };
      const texts = new Map(messages?.map(({ MessageSidFull, text }) => [MessageSidFull, text]));
      return looks(texts) || undefined;
    });
    return found === true;
  }

  /** Where the way to Messages is broken, that is what is wrong, whatever step met it. @param remedy where it is not */
  async trouble(what: string, remedy: string): Promise<StepTrouble> {
    const status = await runningGateway(this.parts.stateDir, !this.isOver);
    if (!status)
      return new StepTrouble(
        `${what}: the gateway does not run`,
        "Start it again: `tapback service restart`.",
      );
    const account = status.accounts.find(({ id }) => id === this.parts.account.id);
    if (account && !account.connected) {
      const broken = account.stages.find(({ ok }) => !ok);
      return new StepTrouble(`${what}: ${account.verdict}`, broken?.remedy ?? remedy);
    }
    if (this.parts.hasPrivateApi && account?.privateApi?.available === false)
      return new StepTrouble(
        `${what}: the private API in Messages is gone`,
        account.privateApi.remedy ?? launchRemedy,
      );
    return new StepTrouble(what, remedy);
  }

  /** Whether the time of the whole run is over. */
  get isOver(): boolean {
    return this.parts.clock.now() >= this.parts.until;
  }

  /** @returns undefined when it was not found within the time, or the whole run is over */
  async #until<T>(ms: number, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const { clock } = this.parts;
    const end = clock.now() + this.#within(ms);
    for (;;) {
      const found = await find();
      if (found !== undefined || clock.now() >= end) return found;
      await clock.sleep(lookEveryMs);
    }
  }

  #within(ms: number): number {
    return Math.max(1, Math.min(ms, this.parts.until - this.parts.clock.now()));
  }
}
