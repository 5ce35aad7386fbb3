import type { House } from "./house.js";
import { Random } from "./random.js";
import { inHouse, type SideScenario } from "./side-scenarios.js";
import { isSettled, readState } from "./state.js";
import { until } from "./wait.js";

const mia = "+15550100001";
const owner = "+15550100009";
const enough = "That is all that I can answer you today. Write to me again tomorrow.";

/**
 * Mia has two turns a day, writes four messages, and is forgotten then by a command that may die too. Whatever dies, two are
 * answered, the line comes once, and nothing of what was forgotten is answered again.
 */
export const limitScenario: SideScenario = (point, seed) =>
  inHouse(async (house) => {
    const random = new Random(seed);
    await house.configure(
      {},
      {
        accessGroups: { few: { members: [mia], turnsPerDay: 2 } },
        commands: { ownerAllowFrom: [owner] },
      },
    );
    let gateway = await house.start({ crashAt: point });
    let crashes = 0;
    for (let said = 0; said < 4; said++) house.mac.say(mia, `q${said} plain`);
    const isOver = () => house.textsTo(mia).length >= 3 && isSettled(readState(house.folder));
    await until(
      () => gateway.ending !== undefined || isOver(),
      () => house.log,
    );
    if (gateway.ending !== undefined) {
      crashes++;
      gateway = await house.start();
      await until(isOver, () => house.log);
    }
    await gateway.stop();
    const dying = random.pick(["store.commit:1", "store.committed:1", undefined]);
    const forget = ["people", "forget", mia, "--yes", "--json"];
    if (dying !== undefined) await house.program(forget, { TAPBACK_CRASH_AT: dying });
    const last = await house.tapback(forget);
    gateway = await house.start();
    house.mac.say(owner, "q9 plain");
    await until(
      () => house.textsTo(owner).includes("answer to q9") && isSettled(readState(house.folder)),
      () => house.log,
    );
    await gateway.stop();
    return { crashes, problems: problemsOf(house, last.stdout) };
  });

function problemsOf(house: House, forgotten: string): string[] {
  const got = house.textsTo(mia).toSorted();
  const answers = got.filter((text) => text !== enough);
  const isRight = got.length === 3 && answers.length === 2 && new Set(answers).size === 2;
  const told = house.textsTo(owner).filter((text) => text.includes("has had 2 of 2 turns")).length;
  return [
    ...(isRight && told === 1
      ? []
      : [`got ${JSON.stringify(got)}, owners were told ${told} times\n${house.log}`]),
    ...(forgotten.includes('"handles"') ? [] : [`not forgotten: ${forgotten}`]),
  ];
}
