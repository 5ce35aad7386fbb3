import { rm, rmdir } from "node:fs/promises";
import { type BytesOfFile, type FileRules, filesOfNobody } from "../../actions/index.js";
import type { FilesInStore } from "../../outbound/index.js";
import { TapbackError } from "../../platform/index.js";
import { blobIn, type Claim, type Errand, type Store, type Turn } from "../../store/index.js";
import type { KnownAbility, TurnAccounts } from "../accounts.js";
import type { Drafts } from "../drafts/drafts.js";
import { peopleOfTurn } from "../people/turn-people.js";
import { historyOf } from "../tools/history.js";
import { actorOf } from "../tools/tools.js";
import type { TurnRights } from "../tools/turn-rights.js";
import type { TurnAccount } from "../turn-account.js";
import type { TurnFolders } from "../turn-folders.js";
import { withFilesPut } from "./attached-files.js";
import {
  type ErrandKind,
  type ErrandParameters,
  type ErrandResult,
  errandParameters,
} from "./errand-table.js";
import type { MacPreparation } from "./macs.js";

/** What errands are carried out with. */
export interface ErrandWorkDeps {
  store: Store;
  stateDir: string;
  accounts: TurnAccounts;
  drafts: Drafts;
  preparation: MacPreparation;
  folders: TurnFolders;
  files: FilesInStore;
}

/** A turn that runs in another process, as its account's owner knows it. */
export interface TurnAway {
  turn: Turn;
  account: TurnAccount;
  /** Of the turn. */
  claim: Claim;
  /** What its agent may still do. */
  rights: TurnRights;
  signal: AbortSignal;
}

type Doing = { [K in ErrandKind]: (away: TurnAway, given: ErrandParameters<K>) => Promise<ErrandResult<K>> };

const abilities: KnownAbility[] = ["poll", "voice"];
/** Most that the past is looked through for. */
const mostHistory = 1000;

/**
 * Carries out what turns ask that run in other processes. What a turn may do is judged here, by what is stored of it and by the
 * configuration here: whoever runs it is believed nothing.
 */
export class ErrandWork {
  constructor(private readonly deps: ErrandWorkDeps) {}

  /** @returns what the errand comes to @throws TapbackError, for whoever asked */
  async do<K extends ErrandKind>(kind: K, errand: Errand, away: TurnAway): Promise<ErrandResult<K>> {
    const given = errandParameters(kind, errand.parameters);
    return (this.#doing[kind] as Doing[K])(away, given);
  }

  readonly #doing: Doing = {
    begin: async ({ turn, claim, account }) => {
      account.turnStarted(turn);
      const envelope = await this.deps.preparation.refresh(turn, claim);
      const offers = account.actions?.offers(this.#actor(turn)) ?? [];
      return {
        envelope: envelope ?? null,
        offered: offers.flatMap(({ name, offered }) => (offered ? name : [])),
        can: abilities.filter((ability) => this.deps.accounts.can(turn.account, ability)),
      };
    },

    files: async ({ turn, signal }) => {
      const { preparation, folders, files } = this.deps;
      try {
        const { envelope, notes } = await preparation.ready(turn, signal);
        return { envelope: await withFilesPut(envelope, (path) => files.keep(path, turn.id)), notes };
      } finally {
        await rm(folders.inboxOf(turn.id), { recursive: true, force: true });
        await rmdir(folders.pathOf(turn.id)).catch(() => {});
      }
    },

    unchanged: async ({ turn }, { turnId }) => {
      const waiting = await this.deps.store.turns.get(turnId);
      if (waiting?.sessionKey !== turn.sessionKey || waiting.account !== turn.account)
        throw new TapbackError("NO_TURN", "this turn waits in another session");
      return this.deps.preparation.isAsWritten(waiting);
    },

    history: async ({ turn, account }, { limit, words }) => {
      this.#mustMay(turn, "history");
      const history = historyOf(turn, () => account.bridge, this.deps.store);
      const most = Math.min(limit, mostHistory);
      return (await (words === undefined ? history?.recent(most) : history?.search(words, most))) ?? [];
    },

    act: async ({ turn, account, rights }, { action, parameters, occasion, files, buffer }) => {
      this.#mustMay(turn, "message");
      rights.act();
      if (!account.actions) throw new TapbackError("ACCOUNT_STOPPED", "this account is not at work now");
      const { mediaMaxMb: maxMb } = account.settings;
      const given = new Map<string, BytesOfFile>();
      for (const { as, file } of files) given.set(as, await this.#fileOf(file, maxMb));
      const bytes = buffer === undefined ? undefined : (await this.#fileOf(buffer, maxMb)).bytes;
      const whole = bytes ? { ...parameters, buffer: Buffer.from(bytes).toString("base64") } : parameters;
      const done = await account.actions.act(this.#actor(turn, given), action, whole, occasion);
      if (!done.ok) throw done.error;
      return done.value;
    },

    bubble: async ({ turn, account }) => account.showsBubble(turn),

    retried: ({ turn, account }) => account.isRetried(turn),
  };

  #actor(turn: Turn, given: ReadonlyMap<string, BytesOfFile> = new Map()) {
    const { accounts, drafts, stateDir } = this.deps;
    const files: FileRules = {
      ...filesOfNobody(stateDir, accounts.settingsOf(turn.account).mediaMaxMb),
      given,
    };
    return actorOf(turn, {
      files,
      sendTo: accounts.sendTo(turn),
      holds: (chat, approves) => drafts.holdAction(turn, chat, approves),
    });
  }

  /** @throws `TOOL_DENIED` */
  #mustMay({ account, envelope }: Turn, tool: string): void {
    const { accounts } = this.deps;
    const people = peopleOfTurn(envelope, accounts.settingsOf(account).region);
    if (accounts.peopleOf(account).toolsOf(people).mayUse(tool)) return;
    throw new TapbackError("TOOL_DENIED", `the tool ${tool} is not for the people of this turn`);
  }

  /** @throws `FILE_MISSING`, `FILE_TOO_LARGE` */
  async #fileOf(file: string, maxMb: number): Promise<BytesOfFile> {
    const { id = "", name = "" } = blobIn(file) ?? {};
    const bytes = await this.deps.files.read(id, maxMb * 1024 * 1024);
    if (bytes) return { name, bytes };
    throw new TapbackError("FILE_MISSING", `the file ${name} did not come, or is larger than ${maxMb} MB`);
  }
}
