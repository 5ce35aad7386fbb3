import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { knownManager, type ServiceContext } from "../service/index.js";
import { checkService, installedService } from "./service.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-service-"));
  mkdirSync(join(home, "bin"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Where the service manager says of each service that it runs. */
function context(program: "launchctl" | "systemctl", more: Partial<ServiceContext> = {}): ServiceContext {
  const says = program === "systemctl" ? "echo active" : "echo '\tstate = running'";
  writeFileSync(join(home, "bin", program), `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  return { env: { PATH: join(home, "bin") }, home, stateDir: join(home, ".tapback"), ...more };
}

/** Writes what an install would. @param change of the text of the service's file */
function install(from: ServiceContext, change = (text: string) => text): void {
  const { file, content, app } = knownManager(from)!;
  for (const each of [{ file, content: change(content) }, ...(app ? [app.run] : [])]) {
    mkdirSync(dirname(each.file), { recursive: true });
    writeFileSync(each.file, each.content);
  }
}

async function told(from: ServiceContext): Promise<string> {
  const [finding] = await checkService((await installedService(from))!, undefined, from.env);
  return finding!.level === "ok" ? "ok" : finding!.remedy!;
}

/** As after an update that took Node away. */
const withoutNode = (text: string) => text.replaceAll(process.execPath, "/nowhere/node");

describe.each([
  ["systemd", "systemctl", undefined, ""],
  ["launchd, without an app", "launchctl", false, " --no-app"],
  ["launchd, through an app", "launchctl", true, ""],
] as const)("a service of %s", (_, program, app, mark) => {
  it("is installed again with its configuration, and in its way", async () => {
    const configOption = join(home, "my file.json5");
    const own = context(program, { configOption, app });
    install(own);
    const bare = context(program);
    if (app !== true) {
      expect(await told(bare)).toBe("ok");
      install(own, withoutNode);
    }
    // The app is not made here, so it is missing.
    const again = `Run \`tapback service install --config '${configOption}'${mark}\`: it finds the paths anew.`;
    expect(await told(bare)).toBe(again);
    expect(await told(context(program, { configOption }))).toBe(again);
  });

  it("is of another configuration where another one is named, and else of the usual one", async () => {
    install(context(program, { app }), app === true ? undefined : withoutNode);
    expect(await told(context(program))).toBe(
      `Run \`tapback service install${mark}\`: it finds the paths anew.`,
    );
    if (app === true) return;
    install(context(program, { app }));
    expect(await told(context(program))).toBe("ok");
    expect(await told(context(program, { configOption: "/other.json5" }))).toBe(
      `Run \`tapback service install --config /other.json5${mark}\`: it writes the file anew.`,
    );
  });
});
