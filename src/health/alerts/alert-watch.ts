import { hostname } from "node:os";
import { join } from "node:path";
import type { AlertChannel } from "../../config/index.js";
import { type Clock, crashPoint, type Log, messageOf, type StopTimer } from "../../platform/index.js";
import { type Alert, alertOf } from "./alert.js";
import { nameOf, sendAlert } from "./send-alert.js";
import { type Kept, readSpells, writeSpells } from "./spell-file.js";
import { keyOf, lookAgain, type Spell } from "./spells.js";
import { type AccountHealth, troublesOf, unknownOf } from "./trouble.js";

/** How often it is looked, milliseconds. */
export const alertEveryMs = 10_000;
/** Pauses after which a channel that failed is tried again, milliseconds. */
const pausesMs = [5000, 30_000, 120_000, 600_000];

export interface AlertWatchDeps {
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  home: string;
  stateDir: string;
  /** Those that are configured now. */
  channels: () => readonly AlertChannel[];
  /** How the accounts are that are served now; nothing is asked for it. */
  accounts: () => readonly AccountHealth[];
}

/**
 * Tells its owner on other ways than Messages that iMessage itself is broken, once per state, and when that is over (behaviour
 * 18.5). What is due is kept before it is told: a crash in between tells it twice rather than never.
 */
export class AlertWatch {
  #kept: Kept | undefined;
  #stopTimer: StopTimer = () => {};
  readonly #stop = new AbortController();
  /** What each channel is told is told in its order. */
  readonly #lines = new Map<string, Promise<unknown>>();
  readonly #underWay = new Set<string>();

  /** @param everyMs how often it is looked, milliseconds */
  constructor(
    private readonly deps: AlertWatchDeps,
    private readonly everyMs = alertEveryMs,
  ) {}

  /** Begins to look, every ten seconds as a rule. */
  start(): void {
    this.#stopTimer = this.deps.clock.every(this.everyMs, () => this.#look(), { unref: true });
  }

  /** Looks no more. What is under way is told again by the next start. */
  stop(): void {
    this.#stopTimer();
    this.#stop.abort();
  }

  #look(): void {
    const { clock, accounts, channels } = this.deps;
    if (channels().length === 0) return;
    const before = this.#kept ?? readSpells(this.#file);
    this.#kept = before;
    const served = accounts();
    const had = new Set(before.hadPrivateApi);
    for (const { id, privateApi } of served) if (privateApi?.available) had.add(id);
    const ids = new Set(served.map(({ id }) => id));
    const unknown = new Set(unknownOf(served).map(keyOf));
    const spells = lookAgain(before.spells, troublesOf(served, had), ids, clock.now(), unknown);
    this.#keep({ spells, hadPrivateApi: [...had] });
    for (const spell of spells)
      if (spell.phase === "begin-due" || spell.phase === "end-due") void this.#tell(spell);
  }

  async #tell(spell: Spell): Promise<void> {
    const { clock, channels, log } = this.deps;
    const key = keyOf(spell.trouble);
    if (this.#underWay.has(key)) return;
    this.#underWay.add(key);
    const alert = alertOf(spell, hostname(), clock.now());
    log[alert.state === "over" ? "info" : "warn"](`alert: ${alert.text.split("\n", 1)[0]}`);
    crashPoint("alert.due");
    await Promise.all(channels().map((channel) => this.#inLine(alert, channel)));
    crashPoint("alert.told");
    this.#underWay.delete(key);
    if (this.#stop.signal.aborted || !this.#kept) return;
    const { spells, hadPrivateApi } = this.#kept;
    const rest = spells.flatMap((one): Spell[] => {
      if (keyOf(one.trouble) !== key) return [one];
      return alert.state === "over" ? [] : [{ ...one, phase: "told" }];
    });
    this.#keep({ spells: rest, hadPrivateApi });
  }

  #inLine(alert: Alert, channel: AlertChannel): Promise<void> {
    const key = JSON.stringify(channel);
    const told = (this.#lines.get(key) ?? Promise.resolve()).then(() => this.#send(alert, channel));
    this.#lines.set(key, told);
    return told;
  }

  async #send(alert: Alert, channel: AlertChannel): Promise<void> {
    const { clock, log } = this.deps;
    const { signal } = this.#stop;
    for (const pauseMs of [...pausesMs, undefined]) {
      if (signal.aborted) return;
      const sent = await sendAlert(alert, channel, this.deps, signal);
      if (sent.ok || signal.aborted) return;
      const { code, message } = sent.error;
      log.warn(`an alert could not be sent: ${message}`, { code });
      if (pauseMs === undefined || !(await clock.sleep(pauseMs, signal))) break;
    }
    if (!signal.aborted) log.error(`an alert was given up: ${nameOf(channel)}`, { code: "ALERT_FAILED" });
  }

  /** Only what has to outlive the process is written, and only when it changed; a disk that is full is what is told of. */
  #keep(kept: Kept): void {
    const before = lasting(this.#kept);
    this.#kept = kept;
    const after = lasting(kept);
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    try {
      writeSpells(this.#file, after);
    } catch (error) {
      this.deps.log.debug(`alerts are not kept: ${messageOf(error)}`);
    }
  }

  get #file(): string {
    return join(this.deps.stateDir, "alerts.json");
  }
}

/** A spell that was told has its whole score at the next start: it is over when it is seen to be. */
function lasting(kept: Kept | undefined): Kept {
  const spells = (kept?.spells ?? [])
    .filter(({ phase }) => phase !== "seen")
    .map((spell) => ({ ...spell, score: 12 }));
  return { spells, hadPrivateApi: kept?.hadPrivateApi ?? [] };
}
