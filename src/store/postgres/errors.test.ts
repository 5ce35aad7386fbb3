import { expect, it } from "vitest";
import { TapbackError } from "../../platform/index.js";
import { asStoreError, isConnections, isLost, isRefusal, isStale } from "./errors.js";

/** As the server says it. */
const said = (code: string, message = "of the server", routine = "") =>
  Object.assign(new Error(message), { severity: "ERROR", code, routine });
/** As it comes from the way to the server. */
const broke = (code: string) => Object.assign(new Error(`write ${code}`), { code });

it.each([
  ...[
    "ECONNRESET",
    "EPIPE",
    "EADDRNOTAVAIL",
    "EHOSTDOWN",
    "ENETDOWN",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "EPROTO",
  ],
])("knows nothing of what was asked over a connection that ended with %s", (code) => {
  expect([isLost(broke(code)), isRefusal(broke(code))]).toEqual([true, false]);
});

it("takes a commit for refused where the server refused it, and nowhere else", () => {
  for (const code of ["40001", "23505", "22P05", "57014", "53100", "P0001"])
    expect([code, isLost(said(code)), isRefusal(said(code))]).toEqual([code, false, true]);
  for (const code of ["08006", "57P01", "57P02", "57P03", "25P03"])
    expect([code, isLost(said(code)), isRefusal(said(code))]).toEqual([code, true, false]);
  // The server may break at its own disk in the middle of a commit; the connection may still be there.
  for (const code of ["XX000", "58030"])
    expect([code, isLost(said(code)), isRefusal(said(code))]).toEqual([code, false, false]);
  expect(isRefusal(new Error("Connection terminated unexpectedly"))).toBe(false);
});

it("does not take the store's own answers for a broken connection", () => {
  expect(isLost(new TapbackError("ACCOUNT_LOST", "another one has it"))).toBe(false);
  expect(isLost(new Error("a statement came after the end of its transaction"))).toBe(false);
});

it("tells a standby from a connection whose plans do not fit any more, in whatever language", () => {
  const plans = [
    said("0A000", "cached plan must not change result type"),
    said("0A000", "gespeicherter Plan", "RevalidateCachedQuery"),
  ];
  for (const plan of plans) expect([isStale(plan), isConnections(plan, 4)]).toEqual([true, true]);
  const standbys = [
    said("0A000", "cannot use serializable mode in a hot standby"),
    said("0A000", "serialisierbarer Modus", "call_enum_check_hook"),
    said("25006", "cannot execute INSERT in a read-only transaction"),
  ];
  for (const standby of standbys) {
    expect([isStale(standby), isConnections(standby, 1)]).toEqual([false, false]);
    expect(asStoreError(standby)).toMatchObject({
      code: "STORE_UNAVAILABLE",
      hint: "The server is a standby; let store.url name the one that takes writes.",
    });
  }
  const other = said("0A000", "something else is not supported");
  expect(isStale(other)).toBe(false);
  expect((asStoreError(other) as TapbackError).hint).toContain("Check that the server of store.url runs");
});
