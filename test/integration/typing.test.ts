import { afterEach, expect, it } from "vitest";
import { openSimulator } from "../../src/simulator.js";
import { GatewayLab } from "../support/gateway-lab.js";
import { isDecided } from "../support/is-decided.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";
const tom = "+15550100124";
const newest = { version: "0.19.1", bridge: true, sip: "disabled" } as const;

afterEach(closeWorlds);

it("answers three bubbles of a person who types once, and the neighbour meanwhile", async () => {
  const lab = new GatewayLab({ ...newest, watchHoldMs: 20, record: true });
  const world = openSimulator(lab.folder);
  try {
    lab.configure({ dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 2000 });
    await lab.startHere();
    world.say({ from: mia, text: "hello" });
    await lab.until(() => lab.got(mia).length === 1);
    await lab.until(() => world.requests().some(({ method }) => method === "bridge.events.subscribe"));
    world.typing(mia);
    // Written before the typing that goes on, whose end they would be otherwise.
    const writes = (from: string, text: string) => world.say({ from, text, at: Date.now() - 5000 }).guid;
    const bubbles = ["one", "two", "three"].map((text) => writes(mia, text));
    writes(tom, "hi");
    for (const guid of bubbles) await lab.until(() => isDecided(`${lab.folder}/state`, guid));
    await lab.until(() => lab.got(tom).length === 1);
    world.typing(mia, false);
    await lab.until(() => lab.got(mia).length === 2);
    expect(lab.got(mia)).toEqual(["re: hello", "re: one\ntwo\nthree"]);
    for (const guid of bubbles) {
      const { steps } = JSON.parse((await lab.run("explain", guid, "--json")).stdout);
      const detail = expect.stringMatching(/^The turn waited \d+\.\d s because the person was typing\.$/);
      expect(steps).toContainEqual(expect.objectContaining({ gate: "typing", passed: true, detail }));
    }
  } finally {
    world.close();
    await lab.close();
  }
});

it("loses nothing when it dies while it waits", async () => {
  const { world, envelopes } = await recordingWorld({}, {}, { mac: newest });
  const person = world.person(mia);
  person.types();
  const message = person.says("one");
  person.types();
  await world.passes({ seconds: 5 });
  expect(world.story(message)).toMatchObject({ entry: { state: "decided" }, turn: undefined });
  await world.fault("gateway-dies");
  await world.settles();
  expect(envelopes.map(({ text }) => text)).toEqual(["one"]);
  expect(textsTo(person)).toEqual(["re: one"]);
});

it("answers as ever where imsg tells nothing of typing", async () => {
  const { world, envelopes } = await recordingWorld();
  const person = world.person(mia);
  person.types();
  for (const text of ["one", "two", "three"]) {
    person.says(text);
    await world.passes({ seconds: 2 });
  }
  await world.settles();
  expect(envelopes.map(({ text }) => text)).toEqual(["one", "two", "three"]);
});
