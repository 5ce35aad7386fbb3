import { describe, expect, it } from "vitest";
import { exitReason, saysRpcUnknown, spawnReason } from "./exit-reason.js";

describe("why a program did not run", () => {
  it.each([
    ["ENOENT", "IMSG_NOT_FOUND"],
    ["ENOTDIR", "IMSG_NOT_FOUND"],
    ["EACCES", "IMSG_NOT_EXECUTABLE"],
    ["ENOEXEC", "IMSG_NOT_EXECUTABLE"],
    ["EISDIR", "IMSG_NOT_EXECUTABLE"],
    ["EMFILE", "IMSG_SPAWN_FAILED"],
  ])("%s is %s", (code, wanted) => {
    expect(spawnReason(Object.assign(new Error("no"), { code })).code).toBe(wanted);
  });

  it.each<[number | null, string | null, string[], string]>([
    [1, null, ["Error: unknown subcommand 'rpc'"], "IMSG_RPC_UNSUPPORTED"],
    [1, null, ["Error: unknown command 'send'"], "CHILD_EXITED"],
    [255, null, ["ssh: connect to host mac port 22: Connection refused"], "SSH_REFUSED"],
    [255, null, ["something"], "REMOTE_UNREACHABLE"],
    [1, null, ["authorization denied"], "PERMISSION_FULL_DISK_ACCESS"],
    [0, null, ["authorization denied"], "CHILD_EXITED"],
    [127, null, ["sh: ssh: not found"], "SSH_NOT_FOUND"],
    [127, null, ["sh: imsg: not found"], "IMSG_NOT_FOUND"],
    [126, null, [], "IMSG_NOT_EXECUTABLE"],
    [null, "SIGKILL", [], "CHILD_EXITED"],
  ])("exit %s %s %j is %s, of unknown outcome, and no answer", (code, signal, words, wanted) => {
    const reason = exitReason(code, signal, words);
    expect(reason).toMatchObject({ code: wanted, disposition: "unknown", answered: false });
  });

  it("says how it ended", () => {
    expect(exitReason(null, "SIGKILL", []).message).toContain("signal SIGKILL");
    expect(exitReason(3, null, ["first", "last"]).message).toContain("exit code 3: last");
    expect(saysRpcUnknown("Unknown command: rpc")).toBe(true);
    expect(saysRpcUnknown("Unknown command: send")).toBe(false);
  });
});
