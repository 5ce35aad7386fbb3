import type { RunTool } from "../../bridge/index.js";
import { by, type Finding, failed, fine, warn } from "../check.js";

/** How long a tool of macOS may take, milliseconds. */
const limitMs = 5000;

/** What has to answer for the gateway instead of a Node that macOS cannot permit to send. */
export const otherNode =
  "Run `tapback service install`: the app that it makes can be permitted in the place of node.";

/** What a signature says of what macOS will permit. */
export interface Signature {
  /** `hopeless`: with the hardened runtime and without the right to send Apple events, macOS refuses them and asks nobody. */
  kind: "hopeless" | "unsigned" | "ad-hoc" | "identified";
}

/** Reads the signature of a program or an app. @returns undefined where `codesign` does not tell */
export async function signatureOf(run: RunTool, file: string): Promise<Signature | undefined> {
  const ran = await run(
    "/usr/bin/codesign",
    ["-d", "--verbose=2", "--entitlements", "-", "--xml", file],
    limitMs,
  );
  if (ran.state !== "ended") return undefined;
  const { exitCode, stdout, stderr } = ran;
  if (/not signed at all/.test(stderr)) return { kind: "unsigned" };
  if (exitCode !== 0) return undefined;
  const isHardened = /^CodeDirectory .*flags=\S*\(\S*\bruntime\b/m.test(stderr);
  const maySend = /com\.apple\.security\.automation\.apple-events<\/key>\s*<true\s*\/>/.test(stdout);
  if (isHardened && !maySend) return { kind: "hopeless" };
  return { kind: /^Signature=adhoc$/m.test(stderr) ? "ad-hoc" : "identified" };
}

/**
 * Foretells what macOS will refuse to the service, from the signature of the file that it judges.
 * @param standing `isService`: that file is a service's, else it would be one's; `isProved`: Messages answered it
 */
export function checkSignature(
  signature: Signature | undefined,
  file: string,
  { isService, isProved }: { isService: boolean; isProved: boolean },
): Finding[] {
  if (!signature) return [];
  const says = (finding: Finding) => [by("terminal", finding)];
  switch (signature.kind) {
    case "hopeless":
      if (isProved) return says(fine("node", `${file} has the hardened runtime, and Messages answers it`));
      return says(
        (isService ? failed : warn)(
          "node",
          `${file} has the hardened runtime and not com.apple.security.automation.apple-events: as a service it can never be permitted to send`,
          otherNode,
        ),
      );
    case "unsigned":
      return says(
        warn(
          "node",
          `${file} is not signed: macOS does not remember what it was permitted`,
          `Sign it: codesign --force --sign - "${file}", then: tapback service restart`,
        ),
      );
    case "ad-hoc":
      return says(
        fine(
          "node",
          `${file} can be permitted what it needs; signed ad hoc: another build of it is asked anew`,
        ),
      );
    case "identified":
      return says(fine("node", `${file} can be permitted what it needs, and keeps it over updates`));
  }
}
