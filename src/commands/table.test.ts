import { describe, expect, it } from "vitest";
import { judge, word } from "../../test/support/judge.js";
import { directMessage } from "../../test/support/message.js";
import { untypedCommands } from "../conversation/index.js";
import { commandNamed, commandRules } from "./table.js";

describe("the table of commands", () => {
  it("has each command that a gate names", () => {
    for (const name of Object.values(untypedCommands)) {
      expect(commandNamed(name)?.name).toBe(name);
      expect(commandRules[name]).toEqual({ typed: false, quick: true });
    }
    expect(commandNamed("nothing")).toBeUndefined();
  });

  it("holds back nothing that is to be quick", () => {
    const quick = Object.entries(commandRules).flatMap(([name, rule]) => (rule.quick ? [name] : []));
    expect(quick.sort()).toEqual([
      "answer",
      "approve",
      "drafts",
      "enrol",
      "forward",
      "opt-in",
      "opt-out",
      "stop",
    ]);
  });

  it("takes a name after a slash only for what is typed, and where commands are typed at all", () => {
    const open = { dmPolicy: "open", allowFrom: ["*"] } as const;
    for (const name of Object.values(untypedCommands))
      expect(word(judge(open, directMessage({ text: `/${name}` })))).toBe("dispatch");
    expect(word(judge(open, directMessage({ text: "/status" })))).toBe("/status");
    const off = { ...open, commands: { text: false } };
    expect(word(judge(off, directMessage({ text: "/status" })))).toBe("dispatch");
    expect(word(judge(off, directMessage({ text: "STOP" })))).toBe("/opt-out");
  });
});
