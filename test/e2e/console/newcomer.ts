import { expect, it } from "vitest";
import type { ConsoleHouse } from "../../support/console-house.js";
import type { ConsolePage } from "../../support/console-page.js";

const eve = "+15550100555";

/** The first minute of somebody who has never seen the console. */
export function newcomerTests(house: ConsoleHouse, shown: () => ConsolePage): void {
  const { lab } = house;

  it("shows a stranger's browser the way in alone", async () => {
    const stranger = await house.stranger();
    await stranger.goto(`${house.base}/console/#/inbox`);
    await stranger.getByRole("heading", { name: "This browser is not let in" }).waitFor();
    expect(await stranger.evaluate("document.cookie")).toBe("");
    await stranger.context().close();
  });

  it("plays a newcomer's minute with the keyboard alone: a phone, an answer, and its story", async () => {
    const { page } = shown();
    const { keyboard } = page;
    const press = async (name: string | RegExp) => {
      await shown().tabTo(name);
      await keyboard.press("Enter");
    };
    const write = async (name: string, text: string) => {
      await shown().tabTo(name);
      await keyboard.press("ControlOrMeta+a");
      await keyboard.type(text);
    };
    await shown().goTo("conversations");
    await press("New phone or group");
    await write("Number or address", eve);
    await write("Name", "Eve");
    await write("First message", "may I come in?");
    await keyboard.press("Enter");
    await page
      .getByRole("log")
      .getByText(/pairing code/i)
      .waitFor();
    // The same as a command would: let in, and what was written is answered.
    await press(/^People/);
    const card = page.locator(".card", { hasText: eve });
    await card.getByText(/tapback pairing approve \w{8} --replay/).waitFor();
    await press("Approve");
    await page
      .getByText(/Approved/)
      .first()
      .waitFor();
    await lab.until(() => lab.got(eve).length === 2);
    await press(/^Inbox/);
    await write("Search in messages and names", "may I come");
    await keyboard.press("Enter");
    await page.locator(".row", { hasText: "Answered" }).first().waitFor();
    await press(/^Eve.*may I come in\?.*Answered/s);
    const story = page.getByRole("region", { name: "Story of the message" });
    await story.getByText("Turn done").waitFor();
    await story.getByText("Sent", { exact: true }).first().waitFor();
    await press("channels.imessage.dmPolicy");
    await page.getByLabel("Text of the configuration file").waitFor();
  });
}
