import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ConsoleHouse, mia } from "../../support/console-house.js";
import type { ConsolePage } from "../../support/console-page.js";

/** The configuration as text and as fields. */
export function settingsTests(house: ConsoleHouse, shown: () => ConsolePage): void {
  const { lab } = house;
  const file = join(lab.folder, "tapback.json5");

  it("judges the settings as they are typed, and saves them with their comments", async () => {
    const { page } = shown();
    await shown().goTo("settings");
    const text = page.getByLabel("Text of the configuration file");
    const before = readFileSync(file, "utf8");
    await expect.poll(() => text.inputValue()).toContain("channels");
    const first = await text.inputValue();
    // A variable of an agent may be a key.
    expect(first).not.toContain("envelopes.jsonl");
    await text.fill(first.replace('"dmPolicy"', '"dmPolcy"'));
    await page.getByText("did you mean dmPolicy?").first().waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    // Whom it would shut out is told before it is saved.
    await text.fill(first.replace(`"${mia}",`, ""));
    await page.getByRole("button", { name: "Whom would it change?" }).click();
    const change = page.locator(".preview li", { hasText: "Mia" });
    await change
      .getByText(/answered 0 instead of \d/)
      .first()
      .waitFor();
    expect(await page.locator(".preview li").count()).toBe(await change.count());
    await text.fill(`// Kept.\n${first}`);
    await page.getByText("This is valid.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next message.").waitFor();
    expect(readFileSync(file, "utf8")).toBe(`// Kept.\n${before}`);
  });

  it("has the settings as fields too, with the same errors at their places", { tags: ["long"] }, async () => {
    const { page } = shown();
    const before = readFileSync(file, "utf8");
    const text = page.getByLabel("Text of the configuration file");
    await page.getByRole("searchbox", { name: "Search in all fields" }).fill("retentionDays");
    const days = page.getByLabel("gateway.retentionDays");
    await days.fill("many");
    await days.press("Enter");
    const setting = page.locator(".setting.bad", { hasText: "gateway.retentionDays" });
    await setting.getByText(/expected a number/).waitFor();
    expect(await days.getAttribute("aria-invalid")).toBe("true");
    await page.locator(".problems .bad", { hasText: "gateway.retentionDays" }).waitFor();
    // One after the other, without a pause: neither is lost.
    await page.getByRole("searchbox", { name: "Search in all fields" }).fill("gateway.");
    const awake = page.getByLabel("gateway.keepAwake");
    await awake.waitFor();
    await days.fill("9");
    await days.press("Enter");
    await awake.selectOption("false");
    await expect.poll(() => text.inputValue()).toMatch(/^\/\/ Kept\..*"?retentionDays"?: ?9.*keepAwake/s);
    await page.getByText("This is valid.").waitFor();
    // Taken out again, it leaves nothing behind; a secret of the file is still in its place.
    await awake.selectOption({ index: 0 });
    await expect.poll(() => text.inputValue()).not.toContain("keepAwake");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next message.").waitFor();
    const after = readFileSync(file, "utf8");
    expect(after.replace(/, ?"retentionDays": ?9/, "")).toBe(before);
  });
}
