import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";

afterEach(closeWorlds);

it.each([false, true])(
  "does not take what Messages fetched last for new at the first start (catch-up: %s)",
  async (enabled) => {
    const { world } = await recordingWorld(
      { allowFrom: [mia], catchup: { enabled } },
      {},
      {
        before: ({ mac, now }) => {
          mac.say({ from: mia, text: "the newest", at: now - 3_600_000 });
          // As iCloud does it: older and older messages, under higher and higher numbers.
          const day = 86_400_000;
          for (let days = 1; days <= 5; days++)
            mac.say({ from: mia, text: `${days} days old`, at: now - days * day });
        },
      },
    );
    world.person(mia).says("hello");
    await world.settles();
    expect(textsTo(world.person(mia))).toEqual(["re: hello"]);
    expect(
      world.stories.all.filter(({ entry }) => !entry.row.fromMe).map(({ entry }) => entry.row.text),
    ).toEqual(["hello"]);
  },
);
