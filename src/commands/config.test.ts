import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CommandBench } from "../../test/support/command-bench.js";
import { directMessage } from "../../test/support/message.js";
import type { GatewayControls } from "./contract.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-config-command-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const config = { commands: { config: true }, messages: { responsePrefix: "[old]" } };
const configFile = () => ({ path: join(folder, "tapback.json5"), env: {} });
let rows = 0;

/** What an owner reads, while the gateway still runs with the prefix `[old]`. */
async function answerTo(
  text: string,
  controls: Partial<GatewayControls> = { configFile: configFile() },
): Promise<string | undefined> {
  const bench = await CommandBench.of(config);
  const row = directMessage({ text, rowId: ++rows, guid: `G-${rows}` });
  return (await bench.run("config", row, { isOwner: true }, controls))[0]?.text;
}

it("shows what was written, and whether it is in force", async () => {
  writeFileSync(configFile().path, JSON.stringify(config));
  expect(await answerTo("/config get messages.responsePrefix")).toBe("[old]");
  expect(await answerTo("/config set messages.responsePrefix [new]")).toBe("Set messages.responsePrefix.");
  const shown = "[new]\n(Written, and not in force yet: the gateway takes it over in a moment.)";
  expect(await answerTo("/config get messages.responsePrefix")).toBe(shown);
  expect(await answerTo("/config show messages")).toMatch(/"\[new\]"[\s\S]*not in force yet/);
  expect(await answerTo("/config get messages.failureReply")).not.toContain("in force");
});

it("shows no value of the file of variables, written or in force", async () => {
  const alert = (url: string) => [
    { type: "command", command: "curl", args: ["-H", `Bearer ${"$"}{TOKEN}`, url] },
  ];
  const written = { ...config, alerts: alert("https://example.com") };
  writeFileSync(configFile().path, JSON.stringify(written));
  const env = { TOKEN: "tk_0123456789" };
  const controls = { configFile: { path: configFile().path, env }, secrets: [env.TOKEN] };
  for (const asked of ["get alerts", "show alerts", "show"]) {
    const shown = await answerTo(`/config ${asked}`, controls);
    expect(shown).not.toContain(env.TOKEN);
    if (asked !== "show") expect(shown).toMatch(/"Bearer \*\*\*"[\s\S]*example\.com/);
  }
  const inForce = { ...config, messages: { responsePrefix: "tk_0123456789 hi" } };
  const bench = await CommandBench.of(inForce);
  const row = directMessage({ text: "/config get messages.responsePrefix", rowId: 99, guid: "G-99" });
  const [answer] = await bench.run("config", row, { isOwner: true }, { secrets: [env.TOKEN] });
  expect(answer?.text).toBe("*** hi");
});

it("shows what is in force where the file cannot be used", async () => {
  for (const broken of ["{ messages: ", '{ messages: { responsPrefix: "x" } }']) {
    writeFileSync(configFile().path, broken);
    expect(await answerTo("/config get messages.responsePrefix")).toBe(
      "[old]\n(This is in force. The configuration file cannot be used as it is now.)",
    );
  }
});
