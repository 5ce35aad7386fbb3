import type { Envelope } from "../conversation/index.js";
import type { Clock, Log, Surroundings } from "../platform/index.js";
import type { Claim, Store, Turn } from "../store/index.js";
import type { TurnAccounts } from "./accounts.js";
import { mediaPlaces } from "./media/places.js";
import { readyMedia } from "./media/ready-media.js";
import { isAsWritten, refreshTurn } from "./refresh.js";
import type { TurnPreparation } from "./running/parts.js";
import type { TurnFolders } from "./turn-folders.js";
import type { Transcriber } from "./voice/transcribe.js";

/** What turns are prepared with. */
export interface PreparationDeps {
  store: Store;
  clock: Clock;
  log: Log;
  surroundings: Pick<Surroundings, "home" | "env">;
  accounts: TurnAccounts;
  folders: TurnFolders;
  /** How long after its message a file may come, milliseconds. */
  filesMs: number;
  /** What writes down what is said in recordings; undefined where nothing does. */
  transcriber: () => Transcriber | undefined;
}

/** Looks at the messages of a turn again, and makes their files ready, over the bridge of its account. */
export class Preparation implements TurnPreparation {
  constructor(private readonly deps: PreparationDeps) {}

  /** While the account is not at work, the turn runs with what is stored (behaviour 9.7). */
  async refresh(turn: Turn, claim: Claim): Promise<Envelope | undefined> {
    const { store, clock, log, accounts } = this.deps;
    const bridge = accounts.of(turn.account)?.bridge;
    // Of what was scheduled there is no row that could have changed.
    return bridge && !turn.envelope.scheduled
      ? refreshTurn(turn, claim, { bridge, store, clock, log })
      : turn.envelope;
  }

  /** Whether the messages of a turn that waits are as they came; what cannot be found out counts as unchanged. */
  async isAsWritten(waiting: Turn): Promise<boolean> {
    const { store, clock, log, accounts } = this.deps;
    const bridge = accounts.of(waiting.account)?.bridge;
    return bridge === undefined || isAsWritten(waiting, { bridge, store, clock, log });
  }

  /** Makes the files that came with a turn ready for its agent (behaviour 7). */
  async ready(turn: Turn, signal: AbortSignal): Promise<{ envelope: Envelope; notes: string[] }> {
    const { store, clock, log, accounts, folders, surroundings, filesMs: waitMs } = this.deps;
    const account = accounts.of(turn.account);
    if (!account?.bridge) return { envelope: turn.envelope, notes: [] };
    const { bridge, settings } = account;
    const places = mediaPlaces(settings, surroundings, folders.inboxOf(turn.id), bridge.files);
    const withFiles = settings.includeAttachments;
    const transcribe = this.deps.transcriber();
    const deps = { store, clock, log, bridge, withFiles, places: { ...places, waitMs }, transcribe };
    return readyMedia(turn, deps, signal);
  }
}
