import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { launchRemedy } from "../../platform/index.js";
import type { JournalEntry } from "../../store/index.js";
import { type LiveRun, StepTrouble } from "./live-run.js";

/** One step of a live run. */
export interface LiveStep {
  /** As the finding is named. */
  check: string;
  /** @returns what was proved @throws StepTrouble, or TapbackError as the gateway answers */
  prove: () => Promise<string>;
  /** Nothing can be proved after it where it fails. */
  isNeeded?: boolean;
}

const restartMessages = "Quit Messages on the Mac, and open it again (open -a Messages).";

/**
 * The steps of a live run, in their order (behaviour 13.2): a text, its row, its copy, a file, and where the Mac offers them a
 * tapback, an edit and an unsend.
 * @param mark stands in every text and name that the run makes, and in none of before
 */
export function liveSteps(run: LiveRun, mark: string): LiveStep[] {
  const text = `Tapback test ${mark}: text`;
  const edited = `Tapback test ${mark}: edited`;
  let guid = "";
  const isSame = (one: string) => one.toLowerCase() === guid.toLowerCase();
  return [
    {
      check: "live.send",
      isNeeded: true,
      async prove() {
        const item = await run.sent({ text, media: [] });
        guid = item.guid ?? "";
        return "Messages took a text to the account's own address";
      },
    },
    {
      check: "live.row",
      isNeeded: true,
      async prove() {
        const entry = await run.row(true, ({ row }) => (guid === "" ? row.text === text : isSame(row.guid)));
        if (!entry)
          throw await run.trouble(
            "Messages took it, and its row did not come back in time",
            `Look at the conversation with yourself on the Mac. Where the message stands there: tapback service restart. Else: ${restartMessages}`,
          );
        guid = entry.row.guid;
        return "its row came back through imsg";
      },
    },
    { check: "live.echo", prove: () => echo(run, text) },
    { check: "live.file", prove: () => file(run, mark) },
    {
      check: "live.tapback",
      prove: () =>
        offered(run, "react", async () => {
          await run.act("react", { messageId: guid, emoji: "like" });
          const isIt = ({ row }: JournalEntry) => row.tapback !== undefined && isSame(row.tapback.targetGuid);
          if (await run.row(true, isIt)) return "a tapback was put on it, and came back";
          throw await run.trouble("the tapback was taken, and did not show in time", launchRemedy);
        }),
    },
    {
      check: "live.edit",
      prove: () =>
        offered(run, "edit", async () => {
          await run.act("edit", { messageId: guid, text: edited });
          if (await run.shows((texts) => texts.get(guid) === edited)) return "it was edited";
          throw await run.trouble("the edit was taken, and does not show", launchRemedy);
        }),
    },
    {
      check: "live.unsend",
      prove: () =>
        offered(run, "unsend", async () => {
          await run.act("unsend", { messageId: guid });
          const isGone = (texts: Map<string, string>) => ![text, edited].includes(texts.get(guid) ?? "");
          if (await run.shows(isGone)) return "it was taken back";
          throw await run.trouble("the unsend was taken, and the text still stands there", launchRemedy);
        }),
    },
  ];
}

/** What the Mac does not offer is left out, and no failure. */
async function offered(run: LiveRun, action: string, prove: () => Promise<string>): Promise<string> {
  const why = await run.lacks(action);
  return why === undefined ? prove() : `left out: ${why}`;
}

/** Messages stores what is written to oneself a second time, as received (protocol reference 9.5): nobody answers that. */
async function echo(run: LiveRun, text: string): Promise<string> {
  const isIt = ({ row, decision }: JournalEntry) => row.text === text && decision !== undefined;
  const entry = await run.row(false, isIt);
  if (!entry)
    throw await run.trouble(
      "it left, and Apple did not bring it back to this Mac in time: what others write may not come either",
      `Look at Messages > Settings > iMessage on the Mac: the address has to be switched on below "You can be reached". ${restartMessages}`,
    );
  const { decision } = entry;
  if (decision?.kind === "drop" && decision.reason === "echo")
    return "it came back to this Mac, was recognised, and nobody answered it";
  throw new StepTrouble(
    `what came back was taken for a message of a person (${decision?.kind})`,
    `Please report it, with \`tapback explain ${entry.id}\` and \`tapback report\`.`,
  );
}

async function file(run: LiveRun, mark: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tapback-live-"));
  const path = join(folder, `tapback-test-${mark}.txt`);
  try {
    writeFileSync(path, `Tapback test ${mark}\n`);
    await run.sent({ media: [path] });
    const named = ({ row }: JournalEntry) => row.attachments.some(({ name }) => name === basename(path));
    if (await run.row(true, named)) return "a file went out, and came back";
    throw await run.trouble(
      "Messages took a file, and its row did not come back in time",
      `Look at the conversation with yourself on the Mac: "Not Delivered" beside the file is Messages' own refusal. ${restartMessages}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
