import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { until } from "../faults/harness/wait.js";
import { FreshMac, type TerminalStep } from "../support/fresh-mac.js";
import { commandsOf, firstCells, notPrinted, type PageCommand } from "../support/manual-page.js";

// Some twenty programs one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

const page = "deployment/local-mac.md";
const mia = "+15550100123";
let mac: FreshMac;

beforeEach(async () => {
  mac = await FreshMac.open();
});
afterEach(() => mac.close());

/** What a person answers to each question that the page names. */
const answers: Record<string, Omit<TerminalStep, "see">> = {
  // The program stands before the last choice.
  "Who answers?": { type: "\u001b[A\u001b[A\r" },
  "Whose Messages account is it?": { type: "\r" },
  "Run the gateway now, and let yourself in with one text?": { type: "n" },
};

/** What a person does at the terminal while a command runs. */
function stepsAt(command: string): TerminalStep[] {
  if (command.startsWith("tapback init"))
    return firstCells(page, "it asks").flatMap((question): TerminalStep[] => {
      const step = { see: question.replaceAll("?", "\\?"), ...answers[question] };
      return question === "Who answers?" ? [step, { see: "Which program\\?", type: "answer\r" }] : [step];
    });
  if (command.startsWith("tapback pair"))
    return [
      {
        see: "as the owner:\\s+(\\S+ \\S+ \\S+ \\S+)\\s",
        run: mac.simulator("say", "--from", mia, "--text", "{1}"),
      },
    ];
  return [];
}

/** What a person does elsewhere when they come to a section: at the screen, in recovery, with the phone. */
const hands: Record<string, () => Promise<unknown>> = {
  "Permission one: Full Disk Access": () => mac.world("fault", "clear"),
  "The steps": () => mac.world("world", "set", "sip", "disabled"),
};

async function play({ command, prints }: PageCommand): Promise<void> {
  const problems = async () => {
    const { code, output } = await mac.type(command, stepsAt(command));
    const missing = notPrinted(prints, output).map((line) => `"${line}" is not printed`);
    return code === 0 && missing.length === 0 ? [] : [`code ${code}`, ...missing, output, mac.log];
  };
  expect(await problems(), command).toEqual([]);
}

it("leads from a fresh Mac to the first answer, with the commands of the page in their order", {
  tags: ["long"],
}, async () => {
  // macOS opens the database to nobody yet.
  await mac.world("fault", "set", "--kind", "permission-denied");
  let section = "";
  const played: string[] = [];
  for (const each of [...commandsOf(page), ...commandsOf("deployment/private-api.md")]) {
    if (each.section !== section) {
      section = each.section;
      if (section === "Permission one: Full Disk Access")
        expect((await mac.type("tapback channels status --probe")).output).toContain("Full Disk Access");
      await hands[section]?.();
    }
    await play(each);
    played.push(each.command);
    if (each.command.startsWith("tapback pair")) {
      await mac.world("say", "--from", mia, "--text", "Is there any mail?");
      await until(
        async () => (await mac.world("transcript")).includes("Hello from your agent."),
        () => mac.log,
      );
    }
  }
  // So that a page whose blocks are not found does not pass.
  expect(played).toEqual(
    expect.arrayContaining([
      "tapback service install",
      "tapback pair --owner",
      "imsg launch --install-agent",
    ]),
  );
});
