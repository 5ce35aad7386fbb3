/**
 * Who found it. macOS judges the process that asks, so the verdict on a terminal says nothing of a service: `service` is the
 * running service itself, or its manager; `gateway` a gateway that runs in another terminal; `terminal` this very command.
 */
export type Whose = "service" | "gateway" | "terminal";

/** What one check found. */
export interface Finding {
  /** Stable, e.g. `state.modes`; with the account where it concerns one, e.g. `imsg/work`. */
  check: string;
  level: "ok" | "warn" | "fail";
  detail: string;
  /** Absent where it does not matter who looks. */
  whose?: Whose;
  /** What to do; absent when there is nothing to do. */
  remedy?: string;
  /** Mends it where that is safe; only run when it was asked for. */
  fix?: () => void;
}

/** A check that passed. @param check as in {@link Finding} @param detail one sentence about what is there */
export const fine = (check: string, detail: string): Finding => ({ check, level: "ok", detail });

/** Something that works but will not always. @param remedy what to do @param fix as in {@link Finding} */
export const warn = (check: string, detail: string, remedy: string, fix?: () => void): Finding => ({
  check,
  level: "warn",
  detail,
  remedy,
  fix,
});

/** Something that keeps the gateway from its work. @param remedy what to do @param fix as in {@link Finding} */
export const failed = (check: string, detail: string, remedy: string, fix?: () => void): Finding => ({
  check,
  level: "fail",
  detail,
  remedy,
  fix,
});

/** A finding with the one whose verdict it is. */
export const by = (whose: Whose, finding: Finding): Finding => ({ ...finding, whose });
