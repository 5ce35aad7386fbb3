import { untypedCommands } from "../../conversation/index.js";
import type { Bundle, ReportedMessage } from "./bundle.js";
import { playedFor } from "./played-imsg.js";
import { leftOut, playedMessages } from "./played-messages.js";
import { TestPeople } from "./test-people.js";
import { testSettings } from "./test-settings.js";

/** Longer silences say nothing more, milliseconds. */
const longestPauseMs = 10 * 60_000;
/** Which imsg answered, as the health of an account has it. */
const imsgAnswers = /imsg (\d+\.\d+\.\d+) answers/;

/** A test that a report was turned into. */
export interface ReportTest {
  /** A module for node:test. */
  text: string;
  /** How many messages it plays. */
  messages: number;
  /** What the report does not have, one sentence each. */
  missing: string[];
}

/**
 * Writes a test that plays what a report tells: its settings, people and messages in their order, and agents that answer and fail
 * as they did. It says what should have been: what was let in is answered once, what was dropped is dropped for that reason,
 * nothing leaks.
 * @param source the report's file, for the reader
 * @param wrong ids of messages of which the report complains: it says the opposite of what became of them
 * @throws TapbackError `MESSAGE_NOT_FOUND` for one of them that cannot be played
 */
export function reportTest(bundle: Bundle, source: string, wrong: ReadonlySet<number>): ReportTest {
  const people = new TestPeople();
  const { account, all, played } = playedMessages(bundle, wrong);
  const { config, groups, agents } = testSettings(bundle.configuration, account, (each) =>
    people.handle(each),
  );
  const imsg = imsgAnswers.exec(JSON.stringify(bundle.health) ?? "")?.[1];
  const missing = missingFrom(bundle, account, all, imsg);
  const chats = new Map(
    played.filter(({ chat }) => chat.isGroup).map(({ chat }) => [chat.id, chat.participants] as const),
  );
  const groupBlock = Object.entries(groups)
    .filter(([id]) => id === "*" || chats.has(Number(id)))
    .map(([id, block]) => `${id === "*" ? '"*"' : `[group${Number(id)}.id]`}: ${JSON.stringify(block)}`);
  const text = [
    comment(
      `Made by \`tapback report --as-test\` of ${source}: Tapback ${bundle.versions.tapback}, ${bundle.madeAt}.`,
    ),
    "// People and texts are stand-ins. What the report does not have, and so this test has not:",
    ...missing.map((line) => comment(`- ${line}`)),
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { assertAnsweredExactlyOnce, assertDroppedFor, assertLeakedNothing, messagesWorld } from "tapback/testing";',
    "",
    "/** What the agents did in each turn. */",
    `const turns = ${JSON.stringify(turnsOf(played), null, 2)};`,
    "",
    'test("what was reported", async (t) => {',
    "  const turnOf = new Map();",
    "  const agent = ({ envelope }) => {",
    "    const { says = [], fails } = turns[turnOf.get(envelope.messages[0].guid)] ?? {};",
    "    if (fails) throw new Error(fails);",
    '    return says.join("\\n\\n");',
    "  };",
    `  const agents = { ${agents.map((id) => `${JSON.stringify(id)}: agent`).join(", ")} };`,
    `  const world = await messagesWorld({ agents${imsg === undefined ? "" : `, mac: { version: ${JSON.stringify(playedFor(imsg))} }`} });`,
    "  t.after(() => world.close());",
    "  const says = (person, text, turn, more) => {",
    "    const message = world.person(person).says(text, more);",
    "    turnOf.set(message.guid, turn);",
    "    return message;",
    "  };",
    ...[...chats].map(
      ([id, members]) =>
        `  const group${id} = world.group(${JSON.stringify(members.map((each) => people.handle(each)))});`,
    ),
    `  const config = ${JSON.stringify(config, null, 2).replaceAll("\n", "\n  ")};`,
    ...(groupBlock.length === 0 ? [] : [`  config.channels.imessage.groups = { ${groupBlock.join(", ")} };`]),
    "  await world.configures(config);",
    "",
    ...played.flatMap((message, index) => saying(message, played[index - 1], people)),
    "  await world.settles();",
    "",
    ...played.filter(({ fromMe }) => !fromMe).flatMap((message) => judging(message, wrong.has(message.id))),
    "  assertLeakedNothing(world);",
    "});",
    "",
  ].join("\n");
  return { text, messages: played.length, missing };
}

/** A report is data, and may come from anybody: none of its words ends the line of a comment and runs. */
function comment(text: string): string {
  return `// ${text.replace(/[\r\n\u2028\u2029]+/g, " ")}`;
}

function turnsOf(played: readonly ReportedMessage[]): Record<string, { says: string[]; fails?: string }> {
  return Object.fromEntries(
    played.flatMap(({ turn, replies }) => {
      if (turn === null) return [];
      const says = replies.map(({ text, file }) => text ?? `(the file ${file})`);
      return [[turn.id, { says, ...(turn.error && { fails: `${turn.error.code}: ${turn.error.message}` }) }]];
    }),
  );
}

function saying(message: ReportedMessage, before: ReportedMessage | undefined, people: TestPeople): string[] {
  const { id, sentAt, fromMe, sender, chat, turn } = message;
  const pause = before === undefined ? 0 : Date.parse(sentAt!) - Date.parse(before.sentAt!);
  const waits = pause > 0 ? [`  await world.passes({ ms: ${Math.min(pause, longestPauseMs)} });`] : [];
  const text = JSON.stringify(textOf(message));
  const person = JSON.stringify(people.handle(sender));
  if (fromMe) {
    // Its sender is the account, since imsg 0.19.1 also in a direct chat.
    const other = JSON.stringify(people.handle(chat.participants[0] || chat.identifier || sender));
    return [
      ...waits,
      `  world.byHand(${text}, ${chat.isGroup ? `group${chat.id}` : `world.person(${other})`});`,
    ];
  }
  const more = chat.isGroup
    ? `{ in: group${chat.id} }`
    : chat.service === "SMS" || chat.service === "RCS"
      ? `{ service: ${JSON.stringify(chat.service)} }`
      : "{}";
  return [
    ...waits,
    `  const m${id} = says(${person}, ${text}, ${JSON.stringify(turn?.id ?? null)}, ${more});`,
  ];
}

/** A command is one by its word, which a report has not in its text. */
function textOf({ text, decision, id }: ReportedMessage): string {
  const name = decision?.kind === "command" ? decision.name : undefined;
  if (name === untypedCommands.optOut) return "STOP";
  if (name === untypedCommands.optIn) return "START";
  if (name !== undefined && !(Object.values(untypedCommands) as string[]).includes(name)) return `/${name}`;
  // Different texts have one stand-in where they have one shape.
  return decision?.reason === "repeated_text" ? text : `${text} ${id}`.trim();
}

function judging({ id, decision, state, turn, replies }: ReportedMessage, isWrong: boolean): string[] {
  const sends = replies.map(({ state, error }) => `${state}${error ? ` (${error.code})` : ""}`).join(", ");
  const was = [
    `${decision?.kind ?? "not decided"}${decision?.reason ? ` (${decision.reason})` : ""}`,
    ...(turn ? [`its turn ${turn.state}${turn.error ? ` (${turn.error.code})` : ""}`] : []),
    ...(sends === "" ? [] : [`its sends ${sends}`]),
  ];
  const told = `  ${comment(`${id} was ${state}: ${was.join(", ")}${isWrong ? ". That was wrong." : ""}`)}`;
  const answered = `  assertAnsweredExactlyOnce(world, m${id});`;
  if (decision?.reason !== undefined) {
    const dropped = `  assertDroppedFor(m${id}, ${JSON.stringify(decision.reason)});`;
    return [told, isWrong ? answered : dropped];
  }
  // An agent that had nothing to say is no fault; nor is a STOP that was said before.
  const isSilent = decision?.silent || (turn?.state === "done" && replies.length === 0);
  const isUnanswered = (turn !== null && turn.state !== "done") || replies.some(isDoubtful);
  // Whose answer did not come was let in rightly.
  if (isWrong && !isUnanswered)
    return [
      told,
      `  assert.notEqual(world.story(m${id})?.entry.decision?.kind, ${JSON.stringify(decision?.kind)});`,
    ];
  return isSilent ? [told] : [told, answered];
}

function isDoubtful({ state }: ReportedMessage["replies"][number]): boolean {
  return state === "unknown" || state === "not_sent";
}

function notOf(imsg: string | undefined): string[] {
  if (imsg === undefined) return ["which imsg it was; the newest one is played"];
  const played = playedFor(imsg);
  return played === imsg ? [] : [`imsg ${imsg} itself; ${played} is played`];
}

function missingFrom(
  bundle: Bundle,
  account: string,
  all: readonly ReportedMessage[],
  imsg: string | undefined,
): string[] {
  const others =
    bundle.journal.length - bundle.journal.filter((message) => message.account === account).length;
  const files = all.reduce((sum, { attachments }) => sum + attachments.length, 0);
  const tapbacks = all.filter(({ tapback }) => tapback !== null).length;
  const doubtful = all.flatMap(({ replies }) => replies).filter(isDoubtful);
  return [
    "what people and agents really wrote, and words by which a group calls the agent",
    "what the agents did beside their answers, and how long they took",
    ...notOf(imsg),
    ...(others > 0 ? [`${others} messages of other accounts than ${account}`] : []),
    ...(files > 0 ? [`${files} files that came with messages`] : []),
    ...(tapbacks > 0 ? [`${tapbacks} tapbacks`] : []),
    ...leftOut(all),
    ...(doubtful.length > 0
      ? [
          `why ${doubtful.length} sends did not arrive: add the fault, e.g. world.fault("no-answer", { method: "send" })`,
        ]
      : []),
    "pauses of more than ten minutes",
  ];
}
