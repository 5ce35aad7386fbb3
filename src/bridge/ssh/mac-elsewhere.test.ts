import { describe, expect, it } from "vitest";
import { hopFault } from "./hop-fault.js";
import { fileMeaning, hopMeaning, saysNoSsh } from "./hop-text.js";
import { copyFormOf, isFetchable, isPlain, quotedFor } from "./remote-path.js";
import { Slots } from "./slots.js";

describe("a Mac elsewhere", () => {
  it.each([
    ["Host key verification failed.", "SSH_HOST_KEY_UNKNOWN"],
    [
      "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
      "SSH_HOST_KEY_CHANGED",
    ],
    ["ssh: Could not resolve hostname mac", "SSH_HOST_UNKNOWN"],
    ["connect to host mac port 22: Connection refused", "SSH_REFUSED"],
    ["me@mac: Permission denied (publickey).", "SSH_LOGIN_REFUSED"],
    ["client_loop: send disconnect: Broken pipe", "SSH_DROPPED"],
    ["connect to host mac port 22: Operation timed out", "SSH_TIMEOUT"],
    ["permission denied", undefined],
  ])("says of its connection: %j", (text, wanted) => {
    expect(hopMeaning(text)).toBe(wanted);
  });

  it("tells a connection that failed from what failed over it", () => {
    const code = (run: Parameters<typeof hopFault>[0]) => {
      const fault = hopFault(run);
      return typeof fault === "string" ? fault : fault.code;
    };
    expect(code({ state: "timeout" })).toBe("SSH_TIMEOUT");
    expect(code({ state: "aborted" })).toBe("REMOTE_COPY_STOPPED");
    expect(code({ state: "failed", error: Object.assign(new Error("x"), { code: "ENOENT" }) })).toBe(
      "SSH_NOT_FOUND",
    );
    expect(code({ state: "failed", error: new Error("x") })).toBe("REMOTE_UNREACHABLE");
    const ended = (stderr: string) => code({ state: "ended", exitCode: 1, stdout: "", stderr });
    expect(ended("connection refused")).toBe("SSH_REFUSED");
    expect(ended("first\nscp: no such file\n")).toBe("scp: no such file");
    expect(ended("")).toBe("exit code 1");
  });

  it.each([
    ["scp: /a: No such file or directory", "REMOTE_FILE_MISSING"],
    ["scp: /a: Permission denied", "REMOTE_FILE_UNREADABLE"],
    ["scp: /a: not a regular file", "REMOTE_PATH_REFUSED"],
    ["scp: lost", "REMOTE_COPY_FAILED"],
  ])("says of a file: %j", (text, wanted) => {
    expect(fileMeaning(text)).toBe(wanted);
  });

  it("is asked for one plain path, written so that it names one file", () => {
    for (const path of ["/a/b", "/a b/ü.jpg", `/${"x".repeat(1023)}`])
      expect(isFetchable(path), path).toBe(true);
    for (const path of ["a", "/a/", "/a/../b", "/./a", "/a\nb", "/a\u007f", `/${"x".repeat(1024)}`])
      expect(isFetchable(path), path).toBe(false);
    expect(isPlain("/a/b-c_d.e@f%g+h=i:j,k")).toBe(true);
    expect(isPlain("/a b")).toBe(false);
    expect(quotedFor("sftp", "/a b*?[x]\\")).toBe("/a b\\*\\?\\[x\\]\\\\");
    expect(quotedFor("shell", "/a b$ü")).toBe("/a\\ b\\$ü");
    expect(quotedFor("shell", "/plain")).toBe("/plain");
    expect(
      ["OpenSSH_9.0p1", "OpenSSH_8.7", "OpenSSH_8.6", "OpenSSH_7.9", "Dropbear", "OpenSSH_10.0"].map(
        copyFormOf,
      ),
    ).toEqual([...["sftp", "sftp-asked", "shell", "shell", "sftp", "sftp"]]);
    expect(["zsh: command not found: ssh", "sh: ssh: not found", "ssh: no such file"].every(saysNoSsh)).toBe(
      true,
    );
    expect(saysNoSsh("imsg: not found")).toBe(false);
  });

  it("is asked for so much at once, who comes first first, and who leaves gives up the place", async () => {
    const slots = new Slots(1);
    const never = new AbortController().signal;
    const begun: string[] = [];
    const go = new Map<string, () => void>();
    const work = (name: string, signal = never) =>
      slots.within(signal, () => {
        begun.push(name);
        return new Promise<string>((resolve) => go.set(name, () => resolve(name)));
      });
    const leaving = new AbortController();
    const [first, left, third] = [work("a"), work("b", leaving.signal), work("c")];
    await Promise.resolve();
    expect(begun).toEqual(["a"]);
    leaving.abort();
    expect(await left).toBeUndefined();
    expect(await work("d", leaving.signal)).toBeUndefined();
    go.get("a")!();
    expect(await first).toBe("a");
    await Promise.resolve();
    expect(begun).toEqual(["a", "c"]);
    go.get("c")!();
    expect(await third).toBe("c");
    await expect(slots.within(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await slots.within(never, async () => "free")).toBe("free");
  });
});
