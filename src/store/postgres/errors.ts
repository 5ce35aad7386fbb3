import { errnoOf, messageOf, TapbackError } from "../../platform/index.js";

/** What a refused statement would meet again: data, constraints, syntax (appendix A of the server's manual). */
const refusals = ["22", "23", "42"];
/** The server is going or coming, or has ended the connection. */
const leaving = /^(08|57P0|25P03)/;
/** The server is in trouble (its disk, itself): what it says then may be its last word. */
const inTrouble = /^(58|XX)/;
/** What the package says of a connection that is gone, without a code. */
const lostText =
  /Connection terminated|not queryable|timeout exceeded when trying to connect|Query read timeout|Client was closed/i;

/** Another transaction came between, and this one is to be done again from its beginning. */
export function isConflict(error: unknown): boolean {
  return ["40001", "40P01"].includes(errnoOf(error) ?? "");
}

/**
 * Whether the connection is gone: nobody knows what became of what was asked over it. Whatever has a code and is not the server's comes
 * from the way to it: a socket, an interface, TLS, each with codes of its own.
 */
export function isLost(error: unknown): boolean {
  if (error instanceof TapbackError) return false;
  if (isServers(error)) return leaving.test(errnoOf(error) ?? "");
  return errnoOf(error) !== undefined || lostText.test(messageOf(error));
}

/** Whether the server itself refused a commit: nothing of it is kept. After everything else it may be. */
export function isRefusal(error: unknown): boolean {
  const code = errnoOf(error) ?? "";
  return isServers(error) && !leaving.test(code) && !inTrouble.test(code);
}

/** Whether the server said it, and not the way to it; some codes of both are five letters (`EPIPE`). */
function isServers(error: unknown): boolean {
  return typeof (error as { severity?: unknown } | null)?.severity === "string";
}

/** Tries of one call, each over another connection: as many as a process has for reads, and one that is new. */
const mostStale = 5;

/**
 * Whether what failed is to be asked once more over another connection: this one broke while nobody used it, or planned the statement
 * before a newer version of this program changed its table, and refuses it from then on.
 * @param tries so far
 */
export function isConnections(error: unknown, tries: number): boolean {
  return isLost(error) ? tries === 1 : isStale(error) && tries < mostStale;
}

/** Whether a connection refuses a statement for a plan that does not fit any more. */
export function isStale(error: unknown): boolean {
  return isUnsupported(error, "RevalidateCachedQuery", /cached plan must not change result type/);
}

/** Whether the server is a standby: it refuses transactions that write, and those that only could, by another code. */
function isStandbys(error: unknown): boolean {
  return errnoOf(error) === "25006" || isUnsupported(error, "call_enum_check_hook", /hot standby/i);
}

/** One of several things that the server has one code for. @param routine of the server that says it, in whatever language @param words in English */
function isUnsupported(error: unknown, routine: string, words: RegExp): boolean {
  const said = (error as { routine?: unknown } | null)?.routine;
  return errnoOf(error) === "0A000" && (said === routine || words.test(messageOf(error)));
}

/** Maps what the server or the way to it says to the error a person sees. Names and passwords are in none of it. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof TapbackError) return error;
  const code = errnoOf(error) ?? "";
  const text = messageOf(error);
  if (refusals.includes(code.slice(0, 2)) && code !== "42501") return error;
  if (code === "53100")
    return new TapbackError("STORE_FULL", `the database server cannot write: ${text}`, {
      hint: "Free disk space on the server; a gateway that runs loses nothing and goes on by itself.",
      retryable: true,
      cause: error,
    });
  if (code.startsWith("XX"))
    return new TapbackError("STORE_DAMAGED", `the database server is in trouble: ${text}`, {
      hint: "Look into the server's log; put the database back from a backup if it is damaged.",
      cause: error,
    });
  return new TapbackError("STORE_UNAVAILABLE", `the database server cannot be used: ${text}`, {
    hint: remedyOf(error, code),
    retryable: true,
    cause: error,
  });
}

function remedyOf(error: unknown, code: string): string {
  if (/^28/.test(code)) return "Check the user and the password in store.url.";
  if (code === "3D000") return "Create the database that store.url names, or correct its name.";
  if (code === "42501")
    return "Give the user of store.url the right to create and write tables in its schema.";
  if (isStandbys(error)) return "The server is a standby; let store.url name the one that takes writes.";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "Check the name of the host in store.url.";
  return "Check that the server of store.url runs and can be reached from here; work goes on by itself when it does.";
}
