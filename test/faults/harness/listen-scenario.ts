import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";
const sam = "sam@example.com";

/**
 * Two people write in a group that the agent reads along in, and then address it. Whatever dies, each message is in one turn, and
 * the chat shows the answer to the last one alone (behaviour 18.8).
 */
export const listenScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    const trip = house.mac.group([mia, sam], "Trip");
    await house.configure(
      {
        groupPolicy: "open",
        groups: { [String(trip)]: { requireMention: true, listen: true } },
      },
      { messages: { groupChat: { mentionPatterns: ["@tapback"] } } },
    );
    const gateway = await MortalGateway.start(house, point, { TAPBACK_TEST_GROUP_QUIET_MS: "300" });
    const guids: string[] = [];
    const say = (text: string) => guids.push(house.mac.sayIn(trip, random.pick([mia, sam]), text));
    const heard = () => guids.every((guid) => turnsWith(guid).size > 0);
    const turnsWith = (guid: string) =>
      new Set(house.agent.runs.filter((run) => run.guids.includes(guid)).map(({ turnId }) => turnId));
    for (let rounds = random.between(1, 3); rounds > 0; rounds--) {
      for (let said = random.between(1, 4); said > 0; said--) say(`s${guids.length} plain`);
      await gateway.reached(heard);
    }
    say("q9 plain @tapback");
    await gateway.reached(() => heard() && house.mac.sent().length > 0 && isSettled(readState(house.folder)));
    await gateway.stop();
    const turns = guids.map((guid) => turnsWith(guid).size);
    const sent = house.mac.sent().map(({ text }) => text);
    const isRight = turns.every((count) => count === 1) && JSON.stringify(sent) === '["answer to q9"]';
    const problems = isRight ? [] : [`${turns.join()} turns, sent ${JSON.stringify(sent)}\n${house.log}`];
    return { crashes: gateway.crashes, problems };
  });
