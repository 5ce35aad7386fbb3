import { expect, it } from "vitest";
import { type ConsoleHouse, mia, sam, script } from "../../support/console-house.js";
import type { ConsolePage } from "../../support/console-page.js";

/** Conversations: what is drawn, and what of it never runs. */
export function chatTests(house: ConsoleHouse, shown: () => ConsolePage): void {
  const { lab } = house;

  it("shows what people wrote and called things, and never runs it", async () => {
    const { page } = shown();
    const made = await lab.sim("group", "create", "--name", `Club ${script}`, "--members", mia, "--json");
    const { chat_id: club } = JSON.parse(made) as { chat_id: number };
    await lab.sim("say", "--from", mia, "--chat", String(club), "--text", "x".repeat(30_000));
    for (const place of ["inbox", "inbox/1", "inbox/3", "people", "drafts", "agents", "health", "usage"]) {
      await shown().goTo(place);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    await shown().openChat(club);
    await page.getByRole("heading", { name: `Club ${script}` }).waitFor();
    // A huge text is drawn in part.
    const log = page.getByRole("log");
    await log.getByText("26,000 characters more").waitFor();
    await shown().openChat();
    await log.getByText(`hello ${script}`).first().waitFor();
    await log.getByText("[a](javascript:window.hit=1) **b**").first().waitFor();
    // The agent says the same again, in Markdown of its own.
    await log.getByText(`re: hello ${script}`).waitFor();
    expect(await page.locator("a[href^='javascript' i]").count()).toBe(0);
    await page.getByRole("combobox").selectOption({ label: "This account" });
    await page.getByLabel("Write as this account").fill(`**bold** ${script}`);
    await page.getByRole("button", { name: "Send" }).click();
    await log.getByText(`bold ${script}`).waitFor();
    await shown().isUnhurt();
  });

  it("calls people by their names, and marks files, polls with their votes, effects, and what was taken back", async () => {
    const { page } = shown();
    await page.getByRole("link", { name: /^Sam Reyes/ }).waitFor();
    const log = page.getByRole("log");
    await log.getByText("a<img src=x onerror=window.hit=1>.svg").waitFor();
    const poll = ["poll", "send", "--from", mia, "--question", `Tea? ${script}`];
    const asked = JSON.parse(await lab.sim(...poll, "--option", "Green", "--option", "Black", "--json"));
    await lab.sim(
      "poll",
      "vote",
      "--from",
      mia,
      "--poll",
      asked.messageGuid ?? asked.guid,
      "--option",
      "Black",
    );
    const effect = ["--text", "with a bang", "--effect", "confetti"];
    expect(await lab.run("message", "effect", "--target", mia, ...effect)).toMatchObject({ code: 0 });
    const drawn = log.locator(".poll", { hasText: `Tea? ${script}` });
    await drawn.locator(".option", { hasText: "Black" }).getByText("1 vote").waitFor();
    await drawn.locator(".option", { hasText: "Green" }).getByText("0 votes").waitFor();
    await log.locator(".said-by", { hasText: "with a bang" }).getByText("Sent with confetti").waitFor();
    await shown().isUnhurt();
  });

  it("sends a draft with better words", async () => {
    const { page } = shown();
    await shown().goTo("drafts");
    await page.getByLabel(/Text of the draft/).fill("Better at six.");
    await page.getByRole("button", { name: "Send these words" }).click();
    await lab.until(() => lab.got(sam).includes("Better at six."));
    await page.getByText("Nothing waits for a yes.").waitFor();
  });

  it("shows a row that is dropped as one, by itself", async () => {
    const { page } = shown();
    await shown().goTo("inbox");
    const { chat_id: chat } = JSON.parse(
      await lab.sim("group", "create", "--name", "Strangers", "--members", "+15550100888", "--json"),
    ) as { chat_id: number };
    await lab.sim("say", "--from", "+15550100888", "--chat", String(chat), "--text", "nobody asked you");
    const row = page.locator(".row", { hasText: "nobody asked you" });
    await row.getByText(/^group /).waitFor();
  });

  it("finds its gateway again after a restart, without a lost row", { tags: ["long"] }, async () => {
    const { page } = shown();
    await shown().goTo("inbox");
    await page.locator(".row").first().waitFor();
    await lab.stop();
    await page.getByText("The gateway is away").waitFor();
    await lab.sim("say", "--from", mia, "--text", "written while it was away");
    await house.start();
    await lab.sim("say", "--from", mia, "--text", "written after that");
    for (const said of ["written while it was away", "written after that"])
      await page.locator(".row", { hasText: said }).waitFor();
    await page.getByText("Up to date").waitFor();
  });
}
