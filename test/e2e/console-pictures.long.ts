import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConsoleHouse, noBrowser } from "../support/console-house.js";
import { ConsolePage } from "../support/console-page.js";
import { fillDays, mia, pictureSettings, playPictures, writeNicely } from "../support/picture-world.js";

const house = new ConsoleHouse({ imessage: pictureSettings.imessage, rest: pictureSettings.rest });
const { lab } = house;
const inBrowser = noBrowser === undefined ? describe : describe.skip;
/** `npm run pictures` keeps them. */
const folder = process.env.TAPBACK_PICTURES ?? join(lab.folder, "pictures");
/** What all of them may take, bytes. */
const mostBytes = 1_000_000;

inBrowser(`pictures of the console${noBrowser ? `: ${noBrowser}` : ""}`, () => {
  let shown: ConsolePage;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    // What is installed on this machine is no part of the world.
    await house.start({ PATH: "/nowhere" });
    writeNicely(lab);
    await playPictures(lab);
    fillDays(lab);
    shown = await ConsolePage.open(house);
    // Where the world lies says nothing.
    await shown.page.route(/\/console\/v1\//, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll(lab.folder, "/Users/ada/tapback");
      await route.fulfill({ response, body });
    });
  }, 120_000);
  afterAll(() => house.close());

  it("are small, and show every page with something on it", async () => {
    const { page } = shown;
    const chat = (id: number) => encodeURIComponent(`default chat_id:${id}`);
    const chats = await lab.look((store) => store.journal.chats());
    const club = chats.find(({ row }) => row.chat.name === "Climbing")!.row.chat.id;
    const places: [name: string, place: string, shows: string][] = [
      ["chats", `conversations/${chat(lab.mac.chatId(mia))}/${chat(club)}`, ".composer select"],
      ["inbox", "inbox/1", ".line li"],
      ["people", "people", ".card"],
      ["drafts", "drafts", ".card"],
      ["agents", "agents", ".card"],
      ["health", "health", ".log p"],
      ["usage", "usage", "rect"],
      ["settings", "settings", ".setting"],
    ];
    let bytes = 0;
    for (const [name, place, shows] of places) {
      await shown.goTo(place);
      await page.locator(shows).first().waitFor();
      await page.evaluate("document.activeElement.blur()");
      const path = join(folder, `console-${name}.png`);
      await page.screenshot({ path });
      bytes += statSync(path).size;
    }
    expect(bytes).toBeLessThan(mostBytes);
    expect(shown.troubles).toEqual([]);
  });
});
