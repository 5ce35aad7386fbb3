import { expect, it } from "vitest";
import { otherWord } from "./other-words.js";
import { build } from "./program.js";

it.each([
  [["status"], "channels status"],
  [["gateway", "restart", "--force"], "service restart"],
  [["--json", "channels", "logs"], "inbox --follow"],
  [["providers", "status", "--probe"], "channels status"],
  [["constructor"], undefined],
  [["pairing", "aprove"], undefined],
])("knows what %j is called here", (words, ours) => {
  expect(otherWord(words)).toBe(ours);
});

it("takes no command of ours for one of theirs", async () => {
  const program = await build([], () => async () => {});
  for (const { name, commands } of program.commands.map((one) => ({
    name: one.name(),
    commands: one.commands,
  }))) {
    expect(otherWord([name]), name).toBeUndefined();
    for (const inner of commands) expect(otherWord([name, inner.name()]), name).toBeUndefined();
  }
});

it("names commands only that there are", async () => {
  const program = await build([], () => async () => {});
  const typed = ["status", "health", "onboard", "models", "cron", "send", "security", "agent", "daemon"];
  for (const word of typed) {
    const [first, second] = otherWord([word])!.split(" ");
    const command = program.commands.find((one) => one.name() === first);
    expect(command, word).toBeDefined();
    if (second && !second.startsWith("-"))
      expect(command!.commands.map((one) => one.name())).toContain(second);
  }
});
