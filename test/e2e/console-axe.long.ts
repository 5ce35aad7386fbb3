import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConsoleHouse, noBrowser, owner } from "../support/console-house.js";
import { ConsolePage, looks, placesOf } from "../support/console-page.js";

/** Where something is open, which most of the time is not. */
const openPlaces: [place: string, shows: string][] = [
  ["people", ".phrase"],
  ["drafts", "h3"],
];

const house = new ConsoleHouse();
const { lab } = house;
let shown: ConsolePage;
const inBrowser = noBrowser === undefined ? describe : describe.skip;

inBrowser(`every page of the console${noBrowser ? `: ${noBrowser}` : ""}`, () => {
  beforeAll(async () => {
    await house.start();
    await house.settleIn();
    shown = await ConsolePage.open(house);
    const json = { cookie: await house.cookie(), origin: house.base, "content-type": "application/json" };
    await house.ask("POST", "/console/v1/enrolment", json, "{}");
    const toolCall = { toolCallId: "1", kind: "execute", title: "Run it", rawInput: { command: "ls" } };
    await lab.sim("say", "--from", owner, "--text", `permission ${JSON.stringify({ toolCall })}`);
    await lab.until(async () =>
      (await lab.look((store) => store.questions.waiting())).some(({ kind }) => kind !== "draft"),
    );
  }, 120_000);
  afterAll(() => house.close());

  for (const look of looks)
    it(`has no findings of axe and nothing beyond its width, ${look.join(" pixels wide and ")}`, async () => {
      const findings: string[] = [];
      for (const [place, shows] of [...placesOf(house), ...openPlaces])
        findings.push(...(await shown.findingsAt(place, shows, look)));
      expect(findings).toEqual([]);
    });
});
