import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { type ConsoleHouse, mia } from "./console-house.js";

/** What of a page is beyond its width. */
const beyond = `(width) => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > width).at(-1)?.outerHTML`;

/** What a screen reader would call whatever has the focus, near enough. */
const focused = `(() => {
  const at = document.activeElement;
  return (at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText ?? "").trim();
})()`;

/** A browser that is let in, and what goes wrong in it. */
export class ConsolePage {
  /** Errors, what the policy refused, and requests that left the gateway. */
  readonly troubles: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly house: ConsoleHouse,
  ) {
    page.on("pageerror", ({ message }) => this.troubles.push(message));
    page.on("console", (said) => {
      if (/Content Security Policy|TrustedScript/.test(said.text())) this.troubles.push(said.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(house.base)) this.troubles.push(request.url());
    });
  }

  static async open(house: ConsoleHouse): Promise<ConsolePage> {
    return new ConsolePage(await house.page(), house);
  }

  /** @param place e.g. `inbox/12` */
  async goTo(place: string): Promise<void> {
    await this.page.goto(`${this.house.base}/console/#/${place}`);
  }

  /** The conversation with somebody. @param chat its number; absent: Mia's */
  async openChat(chat = this.house.lab.mac.chatId(mia)): Promise<void> {
    await this.goTo(`conversations/${encodeURIComponent(`default chat_id:${chat}`)}`);
  }

  /** Goes on with the Tab key until what is so named has the focus. */
  async tabTo(name: string | RegExp): Promise<void> {
    const passed: string[] = [];
    for (let keys = 0; keys < 120; keys++) {
      await this.page.keyboard.press("Tab");
      const here = await this.page.evaluate<string>(focused);
      if (typeof name === "string" ? here === name : name.test(here)) return;
      passed.push(here.slice(0, 40));
    }
    throw new Error(`the Tab key does not lead to ${name}, but to ${passed.join(" | ")}`);
  }

  /** What axe finds on the page as it stands. */
  async violations(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const found = await this.page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
  }

  /** What is wrong with a place at a size and in colours. @param shows is there when the page has something to look at */
  async findingsAt(
    place: string,
    shows: string,
    [width, colorScheme]: readonly [number, "light" | "dark"],
  ): Promise<string[]> {
    const { page } = this;
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await this.goTo(place);
    await page.locator(shows).first().waitFor({ state: "attached" });
    const where = `${place} ${width} ${colorScheme}`;
    const findings = (await this.violations()).map((violation) => `${where} ${violation}`);
    const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
    if (wide > width)
      findings.push(`${where}: ${wide} wide, ${await page.evaluate(`(${beyond})(${width})`)}`);
    return findings;
  }

  /** Nothing of what people wrote ran or was loaded. */
  async isUnhurt(): Promise<void> {
    expect(await this.page.evaluate("window.hit")).toBeUndefined();
    expect(await this.page.locator("img, script:not([src]), iframe, object").count()).toBe(0);
    expect(this.troubles).toEqual([]);
  }
}

/** Every page, with what shows that there is something to look at. */
export function placesOf({ lab }: ConsoleHouse): [place: string, shows: string][] {
  const chat = encodeURIComponent(`default chat_id:${lab.mac.chatId(mia)}`);
  return Object.entries({
    conversations: ".row",
    [`conversations/${chat}`]: ".bubble.mine",
    inbox: ".row",
    "inbox/1": ".line li",
    people: ".columns",
    "drafts?state=all": ".card",
    agents: ".card",
    health: ".log p",
    usage: "table",
    settings: ".setting",
  });
}

/** Sizes and colours in which every page has to be good. */
export const looks = [
  [1280, "light"],
  [360, "dark"],
  [1280, "dark"],
  [360, "light"],
] as const;
