import { expect, it } from "vitest";
import { err, ok, TapbackError } from "../../platform/index.js";
import type { RemoteFiles } from "../contract.js";
import { BridgeError } from "../error.js";
import { fault } from "../imsg/faults.js";
import { whereImsgReads } from "./files-there.js";

it("has a file on the other Mac just as long as it is used, also when that fails", async () => {
  const told: string[] = [];
  const place = async (path: string) =>
    ok({ path: `/there${path}`, remove: async () => void told.push("removed") });
  const files = { place } as unknown as RemoteFiles;
  const used = async (path: string) => {
    await Promise.resolve();
    told.push(path);
    return path;
  };
  expect(await whereImsgReads(undefined, "/a", used)).toBe("/a");
  expect(told.splice(0)).toEqual(["/a"]);
  expect(await whereImsgReads(files, "/a", used)).toBe("/there/a");
  expect(told.splice(0)).toEqual(["/there/a", "removed"]);
  const failing = async (path: string) => {
    await used(path);
    throw new Error("no");
  };
  await expect(whereImsgReads(files, "/a", failing)).rejects.toThrow("no");
  expect(told).toEqual(["/there/a", "removed"]);
});

it.each([
  [fault("SSH_REFUSED"), { code: "SSH_REFUSED", retryable: true, disposition: "not_sent" }],
  [
    new TapbackError("ACTION_FAILED", "odd", { hint: "Look.", retryable: true }),
    { code: "ACTION_FAILED", message: "odd", hint: "Look.", retryable: true, disposition: "not_sent" },
  ],
])("says that surely nothing was sent when it cannot be copied there: %s", async (error, wanted) => {
  const files = { place: async () => err(error) } as unknown as RemoteFiles;
  const never = () => Promise.reject(new Error("used"));
  const failure = await whereImsgReads(files, "/a", never).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(BridgeError);
  expect(failure).toMatchObject(wanted);
});
