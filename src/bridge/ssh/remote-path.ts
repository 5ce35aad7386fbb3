/** Longest path that macOS takes, bytes. */
const longest = 1024;

/** Characters that no shell and no pattern gives a meaning to. */
const plain = /^[A-Za-z0-9_/.@%+=:,-]*$/;

/** How the scp of this machine speaks to the Mac: over SFTP, or with a command line for its shell there. */
export type CopyForm = "sftp" | "sftp-asked" | "shell";

/** Whether a path of the Mac is one file's absolute path, without a way up and without control characters. */
export function isFetchable(path: string): boolean {
  return (
    path.startsWith("/") &&
    !path.endsWith("/") &&
    Buffer.byteLength(path) <= longest &&
    !/[\u0000-\u001f\u007f]/.test(path) &&
    !path.split("/").some((part) => part === ".." || part === ".")
  );
}

/** Whether every way of copying takes the path as it stands. */
export function isPlain(path: string): boolean {
  return plain.test(path);
}

/**
 * Writes a path so that it names one file alone. Over SFTP scp looks for patterns itself; before 8.7 a shell on the Mac
 * reads it, and scp compares the name it gets with it as a pattern, so both need the same backslashes.
 */
export function quotedFor(form: CopyForm, path: string): string {
  if (isPlain(path)) return path;
  if (form !== "shell") return path.replace(/[\\*?[\]]/g, "\\$&");
  return path.replace(/[^A-Za-z0-9_/.@%+=:,\u0080-\uffff-]/g, "\\$&");
}

/**
 * What `ssh -V` says of the scp beside it: SFTP since 9.0, on request since 8.7.
 * @param said its stderr; what is no OpenSSH counts as new
 */
export function copyFormOf(said: string): CopyForm {
  const [, major, minor] = /OpenSSH_(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined || Number(major) >= 9) return "sftp";
  return Number(major) === 8 && Number(minor) >= 7 ? "sftp-asked" : "shell";
}
