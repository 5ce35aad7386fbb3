import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConsoleHouse, noBrowser } from "../support/console-house.js";
import { ConsolePage, looks, placesOf } from "../support/console-page.js";
import { agentTests } from "./console/agents.js";
import { chatTests } from "./console/chats.js";
import { doorTests } from "./console/door.js";
import { newcomerTests } from "./console/newcomer.js";
import { settingsTests } from "./console/settings.js";

const house = new ConsoleHouse();
const inBrowser = noBrowser === undefined ? describe : describe.skip;

beforeAll(async () => {
  await house.start();
  await house.settleIn();
}, 120_000);
afterAll(() => house.close());

describe("the console's door", () => doorTests(house));

inBrowser(`the console in a browser${noBrowser ? `: ${noBrowser}` : ""}`, () => {
  let shown: ConsolePage;
  beforeAll(async () => {
    shown = await ConsolePage.open(house);
  });

  // One browser goes through all of it, in this order.
  newcomerTests(house, () => shown);
  chatTests(house, () => shown);
  agentTests(house, () => shown);
  settingsTests(house, () => shown);

  it("has no findings of axe on its first page (every page in every look: console-axe.long.ts)", async () => {
    const findings: string[] = [];
    const sample = placesOf(house).filter((_, index) => index % 10 === 0);
    for (const [index, [place, shows]] of sample.entries())
      findings.push(...(await shown.findingsAt(place, shows, looks[index]!)));
    await shown.page.setViewportSize({ width: 1280, height: 800 });
    expect(findings).toEqual([]);
    await shown.isUnhurt();
  });

  it("has few rows in the document, whatever the inbox holds", { tags: ["long"] }, async () => {
    const { page } = shown;
    house.fillJournal(10_000);
    await shown.goTo("inbox?show=all");
    await page.getByRole("link", { name: "Older messages" }).click();
    await page.getByRole("link", { name: "Newest" }).waitFor();
    expect(await page.locator(".row").count()).toBeLessThanOrEqual(200);
    await page.getByRole("searchbox").fill("something to review");
    await page.getByRole("searchbox").press("Enter");
    await page.getByText("Nothing that came in is like that.").waitFor();
    expect(await page.locator(".row").count()).toBe(0);
    // Words are looked for in so many at a time.
    await page.getByRole("link", { name: "Older messages" }).click();
    await page.getByRole("link", { name: "Older messages" }).click();
    await page.locator(".row", { hasText: "something to review" }).waitFor();
    await shown.isUnhurt();
  });
});
