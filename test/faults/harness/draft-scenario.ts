import type { House } from "./house.js";
import { MortalGateway } from "./mortal-gateway.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";

const mia = "+15550100001";
const owner = "+15550100009";

/**
 * What is written to Mia waits for the owner, who says yes, no or better words, by a number, a reply or a command that may die
 * too; now and then Mia writes again before that. Whatever dies, the owner is asked once about each answer, and Mia gets what was
 * said yes to, once.
 */
export const draftScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    await house.configure({ review: "on" }, { commands: { ownerAllowFrom: [owner] } });
    const gateway = await MortalGateway.start(house, point);
    house.mac.say(mia, "q0 plain");
    await gateway.reached(() => askedOf(house).length >= 1);
    const isOvertaken = random.chance(0.3);
    if (isOvertaken) {
      house.mac.say(mia, "q1 plain");
      await gateway.reached(
        () =>
          askedOf(house).length >= 2 && house.textsTo(owner).some((text) => text.includes("newer message")),
      );
    }
    const word = random.pick(["1", "2", "reply", "command"] as const);
    const asked = askedOf(house).at(-1)!;
    if (word === "reply") house.mac.say(owner, "better words", asked.guid);
    else if (word === "command") await sentByCommand(house, asked.text, random);
    else house.mac.say(owner, word);
    const answer = isOvertaken ? "answer to q1" : "answer to q0";
    const due = { "1": [answer], "2": [], reply: ["better words"], command: [answer] }[word];
    const isDecided = () =>
      word === "command" || house.textsTo(owner).some((text) => /^(?:Sent|Dropped|That)/.test(text));
    await gateway.reached(
      () => house.textsTo(mia).length >= due.length && isDecided() && isSettled(readState(house.folder)),
    );
    await gateway.stop();
    const got = house.textsTo(mia);
    const questions = askedOf(house).length;
    const isRight = JSON.stringify(got) === JSON.stringify(due) && questions === (isOvertaken ? 2 : 1);
    const problems = isRight
      ? []
      : [`${word}: got ${JSON.stringify(got)}, asked ${questions} times\n${house.log}`];
    return { crashes: gateway.crashes, problems };
  });

/** What the owner was asked. */
function askedOf({ mac }: House) {
  return mac.sent().filter(({ handle, text }) => handle === owner && text.startsWith("To "));
}

/** Says yes at the command line; the command may die before or after its commit, and is typed again then. */
async function sentByCommand(house: House, asked: string, random: Random): Promise<void> {
  const id = /\/drafts send (\w+)/.exec(asked)?.[1] ?? "";
  const dying = random.pick(["store.commit:1", "store.committed:1", "draft.decided:1", undefined]);
  if (dying !== undefined) await house.program(["drafts", "send", id], { TAPBACK_CRASH_AT: dying });
  await house.tapback(["drafts", "send", id]);
}
