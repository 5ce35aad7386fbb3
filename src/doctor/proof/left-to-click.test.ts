import { expect, it } from "vitest";
import type { RunTool, SelfCheck } from "../../bridge/index.js";
import { leftToClick } from "./left-to-click.js";

const judged = "/Users/kim/Applications/Tapback.app";
const database = { id: "default", detail: "refused", remedy: null, ownAddress: null, newestAt: null };
const refused: SelfCheck = {
  pid: 1,
  messages: { state: "refused", words: "(-1743)", signedIn: null },
  databases: [{ ...database, ok: false, code: "PERMISSION_FULL_DISK_ACCESS" }],
  network: [{ host: "10.0.0.5", port: 11434, code: "EHOSTUNREACH" }],
};
/** Messages runs, and what is judged has this signature. */
const toolsWith =
  (flags: string): RunTool =>
  async (program) => ({
    state: "ended",
    exitCode: 0,
    stdout: "",
    stderr: program.endsWith("codesign") ? `CodeDirectory v=20400 size=9 flags=${flags} hashes=1\n` : "",
  });
const leftFor = (found: SelfCheck, flags = "0x2(adhoc)") =>
  leftToClick({ found, judged, run: toolsWith(flags), reach: async () => undefined });

it("names every click in the order in which it is done, with the file that macOS judges", async () => {
  const left = await leftFor(refused);
  expect(left.map(({ check, needsRestart }) => [check, needsRestart])).toEqual([
    ["database/default", true],
    ["automation", true],
    ["network/10.0.0.5:11434", true],
  ]);
  expect(left[0]?.remedy).toContain(`Full Disk Access: click +, press Shift-Command-G, enter ${judged}`);
  expect(left[1]?.remedy).toContain("Automation: switch on Messages below Tapback");
  expect(left[2]).toMatchObject({
    remedy: expect.stringContaining("Local Network: switch on Tapback"),
    screen: expect.stringContaining('"Tapback"'),
  });
  // The command to run after all of them is told once, behind them.
  for (const { remedy } of left) expect(remedy).not.toContain("tapback service restart");
});

it("sends nobody to a switch that is not there", async () => {
  const [, automation] = await leftFor(refused, "0x10000(runtime)");
  expect(automation).toMatchObject({
    check: "automation",
    remedy: expect.stringContaining("tapback service install"),
    screen: null,
  });
});

it("leaves nothing where Messages answered and the rows are read", async () => {
  const messages = { state: "answered", words: "", signedIn: true } as const;
  expect(
    await leftFor({
      ...refused,
      messages,
      databases: [{ ...database, ok: true, code: null }],
      network: [],
    }),
  ).toEqual([]);
  const [signedOut] = await leftFor({ ...refused, messages: { ...messages, signedIn: false } });
  expect(signedOut).toMatchObject({ check: "messages", remedy: expect.stringContaining("Sign in") });
});
