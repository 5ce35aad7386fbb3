import { afterEach, describe, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";
const sam = "sam@example.com";

afterEach(closeWorlds);

describe("conversations", () => {
  it("gives two people of the shared session their own answers", async () => {
    const { world, envelopes } = await recordingWorld({ allowFrom: [mia, sam] });
    for (let round = 0; round < 3; round++) {
      world.person(mia).says(`mia ${round}`);
      world.person(sam).says(`sam ${round}`);
    }
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual(["re: mia 0", "re: mia 1", "re: mia 2"]);
    expect(textsTo(world.person(sam))).toEqual(["re: sam 0", "re: sam 1", "re: sam 2"]);
    expect(new Set(envelopes.map(({ sessionKey }) => sessionKey))).toEqual(new Set(["agent:main:main"]));
  });

  it("never shows in one person's envelope what another one told, history included", async () => {
    const { world, envelopes } = await recordingWorld(
      { allowFrom: [mia, sam], dmHistoryLimit: 9, dms: { "+1 (555) 010-0123": { historyLimit: 1 } } },
      { session: { dmScope: "per-peer" } },
      {
        before: (early) => {
          for (const text of ["mia's early secret", "mia's early word"]) early.person(mia).says(text);
          early.person(sam).says("sam's early secret");
        },
      },
    );
    world.person(mia).says("mia's late secret");
    await world.settles();
    world.person(sam).says("hello from sam");
    world.person(sam).says("again from sam");
    await world.settles();
    expect(textsTo(world.person(mia))).toHaveLength(1);
    expect(textsTo(world.person(sam))).toHaveLength(2);
    const [first, ...others] = envelopes;
    expect(first!.context.map(({ text }) => text)).toEqual(["mia's early word"]);
    expect(others.map(({ context }) => context.map(({ text }) => text))).toEqual([
      ["sam's early secret"],
      [],
    ]);
    expect(JSON.stringify(others)).not.toContain("mia");
    expect(JSON.stringify(first)).not.toContain("sam");
  });
});

describe("queue modes", () => {
  it("collects what waits of one chat into one turn", async () => {
    const { world, envelopes } = await recordingWorld(
      { allowFrom: [mia, sam] },
      { messages: { queue: { mode: "collect" } } },
    );
    world.person(mia).says("wait 20000");
    await world.passes({ seconds: 5 });
    for (const text of ["two", "three"]) world.person(mia).says(text);
    world.person(sam).says("from sam");
    world.person(mia).says("four");
    await world.settles();
    // All of it waited for the first turn.
    expect(textsTo(world.person(mia)).slice(1)).toEqual(["re: two\nthree\nfour"]);
    expect(textsTo(world.person(sam))).toEqual(["re: from sam"]);
    const collected = envelopes.filter((envelope) => envelope.coalescedMessageGuids.length > 1);
    expect(collected).toHaveLength(1);
  });

  it("ends the running turn of the same chat alone when it is interrupted", async () => {
    const { world } = await recordingWorld(
      { allowFrom: [mia, sam] },
      { session: { dmScope: "per-peer" }, messages: { queue: { mode: "interrupt" } } },
    );
    const first = world.person(mia).says("wait 600000");
    world.person(sam).says("wait 20000");
    await world.passes({ seconds: 5 });
    world.person(mia).says("never mind");
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual(["re: never mind"]);
    expect(textsTo(world.person(sam))).toEqual(["re: wait 20000"]);
    expect(world.story(first)?.turn?.state).toBe("cancelled");
  });
});
