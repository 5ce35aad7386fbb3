import { describe, expect } from "vitest";
import { demo, it } from "../support/demo-stage.js";

describe.concurrent("tapback demo --script", { timeout: 120_000 }, () => {
  it("plays the conversation, prints it with times, and every message has its answer", {
    tags: ["long"],
  }, async ({ stage }) => {
    const { status, stdout, stderr } = await stage.script();
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}Mia Wong {3}hello$/m);
    expect(stdout).toMatch(/Your pairing code: [A-Z2-9]{8}/);
    expect(stdout).toMatch(/\$ tapback pairing approve imessage [A-Z2-9]{8} --replay/);
    expect(stdout).toMatch(/Tapback {4}Hello Mia Wong! I am the demo agent/);
    expect(stdout).toContain("Reminder: stretch");
    expect(stdout).toContain("15% of 80 = 12");
    expect(stdout).toContain("3 participants");
    expect(stdout).toMatch(/Tapback {4}❤️ on “react with a heart”/);
    expect(stdout).toContain("(sent with confetti)");
    expect(stdout).toContain("↪ “@tapback reply in a thread”");
    expect(stdout).toMatch(/Poll: tea or coffee\?\n +○ tea\n +○ coffee/);
    expect(stdout).toMatch(/\[file sunset.*\.png\]/);
    expect(stdout).toMatch(/15 messages, every one answered \(19 answers in Messages\)/);
    // No terminal, no colours.
    expect(stdout).not.toContain("\u001b");
    stage.expectNothingLeft();
  });

  it("exits 1 and names the message when its answer does not stand in Messages", { tags: ["long"] }, async ({
    stage,
  }) => {
    // Messages takes the third answer and says "Not Delivered" afterwards.
    const fault = [{ kind: "undelivered", method: "send", after: 2, times: 1 }];
    const { status, stderr } = await stage.script({ IMSG_SIM_FAULTS: JSON.stringify(fault) });
    expect(status).toBe(1);
    expect(stderr).toContain("“help” from Mia Wong");
    expect(stderr).not.toContain("“my name is Mia”");
    stage.expectNothingLeft();
  });
});

describe.concurrent("tapback demo at a terminal", { timeout: 180_000 }, () => {
  it("answers a message after one key approved its sender, follows resizes, and leaves nothing behind", async ({
    stage,
  }) => {
    const played = await stage.atTerminal(
      [
        { see: "Write hello", type: "hello\r" },
        { see: " Tab .*approves the code [A-Z2-9]{8}", type: "\t" },
        {
          see: "Hello Mia Wong! I am the demo agent",
          type: "my name is 家族 👩‍👩‍👧\u007f!\r",
          resize: [60, 20],
        },
        { see: "my name is 家族 !", type: "what is 6*7?\r", resize: [130, 40] },
        { see: "6\\*7 = 42", type: "react with a heart\r" },
        { see: "❤️", type: "/quit\r" },
      ],
      demo,
    );
    expect(played.missed).toBeNull();
    expect(played.code).toBe(0);
    expect(played.left).toEqual([]);
    // Two panes: what the gateway did stands beside it.
    expect(played.output).toContain("held: pairing offered");
    expect(played.output).toMatch(/agent main took \d+ ms/);
    // The first page of the terminal is back, with a line on it.
    expect(played.output).toMatch(/\u001b\[\?1049l.*That was the demo/s);
    expect(played.output).toContain("\u001b[48;5;26;");
    stage.expectNothingLeft();
  });
});
