import { messageOf, TapbackError } from "./errors.js";
import { loadPackage } from "./load-package.js";
import { WallClock } from "./wall-clock.js";

/** No clock is set by more than that, milliseconds. */
const longestShiftMs = 3 * 3600_000;

type Cron = InstanceType<ReturnType<typeof loadPackage<"croner">>["Cron"]>;

/**
 * Times that repeat by a cron line of five fields, on the clock of a zone. Where the clock is changed (behaviour 6.6a): a time
 * that it names comes once on a day that has it twice, the first time, and later on a day that does not have it. Lines with a
 * `*` or a step for the minute or the hour go on by real time: they mean a distance, not a time of the day.
 */
export class CronLine {
  readonly #cron: Cron;
  readonly #clock: WallClock;
  readonly #namesTimes: boolean;

  /**
   * @param line e.g. `0 7 * * MON-FRI`
   * @param zone IANA name
   * @throws `ACTION_PARAMETERS` for what is no such line, and for one whose day never comes
   */
  constructor(
    readonly line: string,
    readonly zone: string,
  ) {
    const fields = line.trim().split(/\s+/);
    if (fields.length !== 5) throw notCron(line, "it has five fields: minute, hour, day, month, weekday");
    const [minute = "", hour = ""] = fields;
    this.#namesTimes = !/[*?/]/.test(minute + hour);
    this.#clock = new WallClock(zone);
    const { Cron } = loadPackage("croner");
    try {
      this.#cron = new Cron(fields.join(" "), {
        mode: "5-part",
        // The clock is asked for what its own rules say of times that are named.
        timezone: this.#namesTimes ? "UTC" : zone,
      });
    } catch (error) {
      throw notCron(line, messageOf(error).replace(/^CronPattern: /, ""));
    }
    if (this.#cron.nextRun(new Date(0)) === null) throw notCron(line, "such a day never comes");
  }

  /** @param after milliseconds since the epoch, exclusive @returns the first time then, in milliseconds since the epoch */
  next(after: number): number {
    if (!this.#namesTimes) return this.#cron.nextRun(new Date(after))!.getTime();
    let wanted = this.#clock.shown(after) - longestShiftMs;
    for (;;) {
      wanted = this.#cron.nextRun(new Date(wanted))!.getTime();
      const [at = 0] = this.#clock.instants(wanted);
      if (at > after) return at;
    }
  }

  /** @param until milliseconds since the epoch, inclusive @returns the last time until then */
  last(until: number): number {
    if (!this.#namesTimes) return this.#before(Math.floor(until / 1000) * 1000 + 1000);
    const shown = this.#clock.shown(until);
    let wanted = shown + longestShiftMs;
    let last: number | undefined;
    while (last === undefined || wanted > shown - longestShiftMs) {
      wanted = this.#before(wanted);
      const [at = 0] = this.#clock.instants(wanted);
      if (at <= until) last = Math.max(at, last ?? at);
    }
    return last;
  }

  #before(at: number): number {
    return this.#cron.previousRuns(1, new Date(at))[0]!.getTime();
  }
}

function notCron(line: string, why: string): TapbackError {
  return new TapbackError(
    "ACTION_PARAMETERS",
    `"${line.slice(0, 80)}" is no cron line such as 0 7 * * MON-FRI: ${why}`,
  );
}
