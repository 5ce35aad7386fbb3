import { realpathSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fault } from "../../src/bridge/imsg/faults.js";
import { MacWorld } from "../support/mac-world.js";

const node = realpathSync(process.execPath);
const restart = "A grant reaches only what starts after it, so then: tapback service restart";

describe("tapback doctor on a Mac", () => {
  let world: MacWorld;
  beforeEach(() => {
    world = new MacWorld();
  });
  afterEach(() => world.dispose());

  /** The lines of these checks as a person reads them, with their remedies. */
  const lines = async (...checks: string[]) =>
    (await world.findings())
      .filter(({ check }) => checks.includes(check))
      .map(({ level, check, whose, detail, remedy }) =>
        [`${level} ${check} [${whose}]: ${detail}`, ...(level === "ok" ? [] : [remedy])].join("\n> "),
      );

  it("is content where all is well, and says who was asked", async () => {
    await world.serve();
    const found = (await world.findings()).filter(({ whose }) => whose !== undefined);
    expect(found.filter(({ level }) => level === "fail")).toEqual([]);
    expect(found.map(({ check, whose }) => `${check} [${whose}]`)).toEqual(
      expect.arrayContaining([
        "service [service]",
        "log [terminal]",
        "node [terminal]",
        "power [terminal]",
        "imsg/default [terminal]",
        "database/default [service]",
        "automation/default [service]",
        "messages/default [service]",
        "private-api/default [terminal]",
      ]),
    );
    expect(await lines("messages/default")).toEqual([
      expect.stringMatching(
        /: runs, signed in to iMessage; its address is bot@example.com; newest message .*28/,
      ),
    ]);
  });

  it("knows the service by what launchd started, also below an app of its own, and any other gateway apart", async () => {
    await world.serve({ pid: process.ppid });
    expect(await lines("automation/default")).toEqual([expect.stringMatching(/^ok .*\[service\]/)]);
    world.launchd("printf '\\tstate = waiting\\n'", "");
    expect(await lines("automation/default")).toEqual([expect.stringMatching(/^ok .*\[gateway\]/)]);
  });

  it("says that a gateway of another version cannot be asked, and tells this terminal's verdict", {
    tags: ["long"],
  }, async () => {
    await world.serve({ older: true });
    expect(await lines("gateway.version", "database/default")).toEqual([
      "warn gateway.version [terminal]: the gateway that runs is of another version, and cannot tell what macOS lets it do\n> Run `tapback service restart`, or start the gateway in its terminal again.",
      "ok database/default [terminal]: the Messages database is readable; this is said of this terminal, the service may be judged otherwise",
    ]);
  });

  it("1: the service ended and stays down", { tags: ["long"] }, async () => {
    world.install();
    world.launchd("printf '\\tstate = not running\\n\\tlast exit code = 78: EX_CONFIG\\n'", "");
    world.terminal.tools["osascript count of chats"] = { exitCode: 1, stderr: "not allowed. (-1743)" };
    expect(await lines("service", "automation/default")).toEqual([
      "fail service [service]: it is installed and does not run: it ended (exit code 78: EX_CONFIG)\n> Run `tapback service restart`, and look at `tapback service logs`.",
      "fail automation/default [terminal]: macOS does not let it control Messages, so nothing can be sent; this is said of this terminal, the service may be judged otherwise\n> The service's own verdict counts: tapback service restart, then tapback doctor again, which asks it.",
    ]);
  });

  it("2: a Node that macOS never permits to send as a service", async () => {
    await world.serve();
    const signed =
      "CodeDirectory v=20500 size=9 flags=0x10000(runtime) hashes=1\nAuthority=Developer ID Application: Node.js Foundation\n";
    world.terminal.tools.codesign = {
      stdout: "<dict><key>com.apple.security.cs.allow-jit</key><true/></dict>",
      stderr: signed,
    };
    // What the service itself proved counts more than what its signature foretells.
    expect(await lines("node")).toEqual([expect.stringMatching(/^ok node .* and Messages answers it$/)]);
    world.service.tools["osascript count of chats"] = { exitCode: 1, stderr: "not allowed. (-1743)" };
    const remedy =
      "Run `tapback service install`: the app that it makes can be permitted in the place of node.";
    expect(await lines("node", "automation/default")).toEqual([
      `fail node [terminal]: ${node} has the hardened runtime and not com.apple.security.automation.apple-events: as a service it can never be permitted to send\n> ${remedy}`,
      // No switch in System Settings would help.
      `fail automation/default [service]: macOS does not let it control Messages, so nothing can be sent\n> ${remedy}`,
    ]);
  });

  it("3: the terminal may read the database, the service may not", { tags: ["long"] }, async () => {
    world.service.look = async () => {
      throw fault("PERMISSION_FULL_DISK_ACCESS");
    };
    await world.serve();
    expect(await lines("database/default")).toEqual([
      `fail database/default [service]: macOS does not let it read the Messages database\n> System Settings > Privacy & Security > Full Disk Access: click +, press Shift-Command-G, enter ${node}, and switch it on; an entry that is on already, off and on again. ${restart}`,
    ]);
  });

  it("4: a prompt waits on the screen", { tags: ["long"] }, async () => {
    await world.serve();
    world.service.tools["osascript count of chats"] = "timeout";
    expect(await lines("automation/default")).toEqual([
      "fail automation/default [service]: Messages did not answer: a prompt is waiting on the screen\n> Click OK at the Mac's own screen, or by Screen Sharing, in the session of this user. Then: tapback service restart",
    ]);
  });

  it("5: an old imsg, and a macOS that refuses its library", { tags: ["long"] }, async () => {
    await world.serve();
    world.imsg("0.13.4");
    world.terminal.tools.sw_vers = { stdout: "26.1\n" };
    world.terminal.tools["defaults read"] = { exitCode: 1, stderr: "does not exist" };
    expect(await lines("imsg/default", "private-api/default")).toEqual([
      "warn imsg/default [terminal]: imsg 0.13.4: before 0.14 it hangs while a prompt for Contacts waits on the screen\n> Run `brew upgrade steipete/tap/imsg`, then: tapback service restart",
      "warn private-api/default [terminal]: texts and files only: macOS 26 refuses its library while library validation is on\n> Run `sudo defaults write /Library/Preferences/com.apple.security.libraryvalidation DisableLibraryValidation -bool true`, restart the Mac, then: imsg launch (docs/deployment/private-api.md)",
    ]);
    world.terminal.tools.csrutil = { stdout: "System Integrity Protection status: enabled.\n" };
    expect(await lines("private-api/default")).toEqual([
      expect.stringMatching(
        /System Integrity Protection is on.*\n> Leave it so where texts and files are enough/,
      ),
    ]);
  });

  it("6: Messages does not run, or nobody is signed in", async () => {
    await world.serve();
    world.service.tools["osascript count of chats"] = { stdout: "closed\n" };
    // Nothing is said of Automation: nobody could be asked.
    expect(await lines("messages/default", "automation/default")).toEqual([
      "fail messages/default [service]: Messages does not run in the session of this user: nothing is received\n> Log in at the Mac's screen as this user, then: open -a Messages. So that it runs after each login, add it in System Settings > General > Login Items.",
    ]);
    world.service.tools["osascript count of chats"] = { stdout: "0\n" };
    world.service.tools["osascript count of (accounts"] = { stdout: "0\n" };
    expect(await lines("messages/default")).toEqual([
      "fail messages/default [service]: Messages runs, and no iMessage account is switched on in it\n> Sign in at the Mac's screen: Messages > Settings > iMessage. Then: tapback doctor",
    ]);
  });

  it("7: a Mac that sleeps, and a model in the local network that only the service does not reach", async () => {
    world.configure({ models: { providers: { house: { baseUrl: "http://192.168.1.20:8000/v1" } } } });
    world.terminal.tools.pmset = {
      stdout: " sleep                10\n womp                 0\n autorestart          0\n",
    };
    world.service.reach = async () => "EHOSTUNREACH";
    await world.serve();
    expect(await lines("power", "network/192.168.1.20:8000")).toEqual([
      "warn power [terminal]: this Mac sleeps after 10 min, and answers nobody meanwhile; it stays off after a power failure; it is not woken over the network\n> For a Mac that stands alone: sudo pmset -a sleep 0 autorestart 1 womp 1; or set gateway.keepAwake to true against the sleep",
      `fail network/192.168.1.20:8000 [service]: 192.168.1.20:8000 is reached from this terminal and not by the gateway (EHOSTUNREACH): macOS keeps it from the local network\n> System Settings > Privacy & Security > Local Network: switch on node. ${restart}`,
    ]);
    world.terminal.reach = async () => "EHOSTUNREACH";
    expect(await lines("network/192.168.1.20:8000")).toEqual([
      expect.stringMatching(/^warn .*is not reached \(EHOSTUNREACH\)\n> Look whether that machine is on/),
    ]);
  });

  it("says nothing against sleep where the gateway keeps the Mac awake", { tags: ["long"] }, async () => {
    world.configure({ gateway: { keepAwake: true } });
    world.terminal.tools.pmset = { stdout: " sleep                10\n" };
    await world.serve();
    expect(await lines("power")).toEqual([
      "ok power [terminal]: this Mac does not sleep while the gateway runs (gateway.keepAwake)",
    ]);
  });

  it("tells of a service that launchd started from an older file", { tags: ["long"] }, async () => {
    await world.serve();
    world.terminal.tools["launchctl print gui"] = {
      stdout: `\tstate = running\n\tpid = ${process.pid}\n\targuments = {\n\t\t/old/node\n\t\tgateway\n\t}\n`,
    };
    expect(await lines("service")).toEqual([
      "warn service [service]: what runs was started from an older file of the service\n> Run `tapback service restart`: launchd reads the file anew.",
    ]);
  });

  it("8: a second gateway in another session, a service that is disabled, a log that grew", {
    tags: ["long"],
  }, async () => {
    await world.serve();
    const log = join(world.stateDir, "gateway.log");
    writeFileSync(log, "");
    truncateSync(log, 60_000_000);
    world.terminal.tools["ps "] = {
      stdout: `  ${process.pid} bot /opt/homebrew/bin/node /opt/homebrew/bin/tapback gateway\n  812 anna /opt/homebrew/bin/node --max-semi-space-size=4 /opt/homebrew/lib/node_modules/tapback/dist/cli/main.js gateway\n  900 anna vi tapback gateway\n`,
    };
    world.terminal.tools["launchctl print-disabled"] = {
      stdout: '\tdisabled services = {\n\t\t"com.tapback.gateway" => disabled\n\t}\n',
    };
    expect(await lines("service.enabled", "log", "sessions")).toEqual([
      "warn service.enabled [service]: launchd has it disabled: it does not start after the next login\n> Run `tapback service install --no-app`: it enables it.",
      `warn log [terminal]: ${log} has 60.0 MB\n> Put it aside: mv "${log}" "${log}.old" && tapback service restart`,
      "warn sessions [terminal]: a second gateway runs (pid 812, of user anna): on the same Apple Account, people get two answers\n> Log in as anna and run `tapback service uninstall`, or end it where it runs (Ctrl-C); or give each its own Apple Account.",
    ]);
  });
});
