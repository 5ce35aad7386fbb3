import { afterEach, expect, it } from "vitest";
import { openSimulator, type Settings } from "../../src/simulator.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { isDecided } from "../support/is-decided.js";

const mia = "+15550100123";
const tom = "+15550100124";

let lab: GatewayLab;
let world: ReturnType<typeof openSimulator>;

afterEach(async () => {
  world.close();
  await lab.close();
});

/** A gateway, a process of its own where it is killed, on a simulated Mac whose rows come late enough that what is typed before them is told before them. */
async function house(settings: Partial<Settings>, isKilled = false) {
  lab = new GatewayLab({ watchHoldMs: 20, record: true, bridge: true, ...settings });
  world = openSimulator(lab.folder);
  lab.configure({ dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 2000 });
  await (isKilled ? lab.start() : lab.startHere());
  world.say({ from: mia, text: "hello" });
  await lab.until(() => lab.got(mia).length === 1);
  const decided = (guid: string) => lab.until(() => isDecided(`${lab.folder}/state`, guid));
  // Written before the typing that goes on, whose end they would be otherwise.
  const writes = (from: string, text: string) => world.say({ from, text, at: Date.now() - 5000 }).guid;
  const asked = () =>
    lab
      .envelopes()
      .filter(({ sender }) => sender.handle === mia)
      .map(({ text }) => text);
  return { decided, writes, asked };
}

it("answers three bubbles of a person who types once, and the neighbour meanwhile", async () => {
  const { decided, writes, asked } = await house({ version: "0.19.1", sip: "disabled" });
  await lab.until(() => world.requests().some(({ method }) => method === "bridge.events.subscribe"));
  world.typing(mia);
  const bubbles = ["one", "two", "three"].map((text) => writes(mia, text));
  writes(tom, "hi");
  for (const guid of bubbles) await decided(guid);
  await lab.until(() => lab.got(tom).length === 1);
  world.typing(mia, false);
  await lab.until(() => lab.got(mia).length === 2);
  expect(asked()).toEqual(["hello", "one\ntwo\nthree"]);
  for (const guid of bubbles) {
    const { steps } = JSON.parse((await lab.run("explain", guid, "--json")).stdout);
    const detail = expect.stringMatching(/^The turn waited \d+\.\d s because the person was typing\.$/);
    expect(steps).toContainEqual(expect.objectContaining({ gate: "typing", passed: true, detail }));
  }
});

it("loses nothing when it is killed while it waits", { tags: ["long"] }, async () => {
  const { decided, writes, asked } = await house({ version: "0.19.1", sip: "disabled" }, true);
  world.typing(mia);
  await decided(writes(mia, "one"));
  await lab.crash();
  await lab.start();
  await lab.until(() => lab.got(mia).length === 2);
  expect(asked()).toEqual(["hello", "one"]);
});

it("answers as ever where imsg tells nothing of typing", { tags: ["long"] }, async () => {
  const { writes, asked } = await house({ version: "0.9.0" });
  world.typing(mia);
  for (const text of ["one", "two", "three"]) writes(mia, text);
  await lab.until(() => lab.got(mia).length === 4);
  expect(asked()).toEqual(["hello", "one", "two", "three"]);
});
