import { join } from "node:path";
import type { House } from "./house.js";
import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";
const acting = join(import.meta.dirname, "../../fixtures/acting-agent.mjs");
const asked = { action: "ask", question: "Which?", options: ["A", "B"] };
const due = { choice: "B", number: 2, by: mia };
/** What is voted in a build without polls cannot be. */
const voting = /^question\.(?:voted|settled):/;

/**
 * The agent asks Mia, who answers by a number, or by votes of which the last counts. Whatever dies, her answer reaches the agent,
 * which says it once.
 */
export const askScenario: SideScenario = (point, seed) => {
  const random = new Random(seed);
  const isPoll = voting.test(point) || random.chance(0.3);
  const mac = isPoll ? { version: "0.19.1", bridge: true, sip: "disabled" as const } : {};
  return inHouse(
    async (house) => {
      const runtime = { type: "command", command: process.execPath, args: [acting], output: "jsonl" };
      await house.configure({ textChunkLimit: 4000 }, { agents: { list: [{ id: "main", runtime }] } });
      const gateway = await MortalGateway.start(house, point);
      house.mac.say(mia, JSON.stringify(asked));
      await gateway.reached(() => questionsOf(house).length >= 1);
      const poll = questionsOf(house).find((row) => row.poll !== undefined);
      if (poll) {
        if (random.chance(0.5)) house.mac.vote(mia, poll.guid, "A");
        house.mac.vote(mia, poll.guid, "B");
      } else house.mac.say(mia, random.pick(["2", "B"]));
      await gateway.reached(() => answersOf(house).length >= 1 && isSettled(readState(house.folder)));
      await gateway.stop();
      const answers = answersOf(house);
      const isRight = answers.length === 1 && JSON.stringify(answers[0]) === JSON.stringify(due);
      const problems = isRight
        ? []
        : [`got ${JSON.stringify(answers)} of ${questionsOf(house).length} questions\n${house.log}`];
      return { crashes: gateway.crashes, problems };
    },
    undefined,
    mac,
  );
};

/** What Mia was asked: a poll, or a text; a death while the poll is sent may leave both. */
function questionsOf({ mac }: House) {
  return mac
    .transcript(mia)
    .filter(({ from, poll, text }) => from === "me" && (poll !== undefined || text.startsWith("Which?\n")));
}

/** What the agent was answered, as it says it. */
function answersOf(house: House): unknown[] {
  return house
    .textsTo(mia)
    .filter((text) => /^(?:[0-9a-f]{2})+$/.test(text))
    .map((text) => JSON.parse(Buffer.from(text, "hex").toString("utf8")).value);
}
