import { expect, it } from "vitest";
import { type ConsoleHouse, mia, owner, script } from "../../support/console-house.js";
import type { ConsolePage } from "../../support/console-page.js";

/** What agents ask and are asked, people's limits, and figures. */
export function agentTests(house: ConsoleHouse, shown: () => ConsolePage): void {
  const { lab } = house;

  it("asks what agents ask, shown whole, and keeps who answered", async () => {
    const { page } = shown();
    await shown().goTo("drafts");
    const what = {
      kind: "execute",
      title: `Run ${script}`,
      rawInput: { command: `rm -rf ${"x".repeat(3500)} /end` },
    };
    const asked = { toolCall: { toolCallId: "1", ...what } };
    await lab.sim("say", "--from", owner, "--text", `permission ${JSON.stringify(asked)}`);
    const card = page.locator(".card", { hasText: "May it do this?" });
    await card.getByText("/end").first().waitFor();
    await page.getByRole("link", { name: /Drafts 1 waiting/ }).waitFor();
    await shown().isUnhurt();
    const id = (await card.locator("code").first().textContent())!;
    await card.getByText(`/approve ${id} 1`, { exact: true }).waitFor();
    await card.getByRole("button", { name: "2. Deny" }).click();
    await page.getByText("Deny: noted.").waitFor();
    await lab.until(() => lab.got(owner).some((text) => text.includes('"optionId":"no"')));
    expect(await lab.look((store) => store.questions.get(id))).toMatchObject({
      ...{ state: "answered", choice: "Deny", answeredBy: "console" },
    });
    // As in Messages, the first answer counts.
    const own = { cookie: await house.cookie(), origin: house.base, "content-type": "application/json" };
    const answer = (what: string, to = id) =>
      house.ask("POST", `/console/v1/questions/${to}/answer`, own, JSON.stringify({ answer: what }));
    const late = await answer("1");
    expect([late.status, JSON.parse(late.body)]).toMatchObject([
      409,
      { code: "QUESTION_SETTLED", detail: "That was answered already: Deny." },
    ]);
    expect(await answer("1", "zzzz")).toMatchObject({ status: 404 });
  });

  it("shows agents and sessions, proves and tries one, and takes back what was scheduled", {
    tags: ["long"],
  }, async () => {
    const { page } = shown();
    const at = Date.now();
    const later = (id: string, text: string) => ({
      ...{ id, account: "default", sessionKey: "s", dueAt: at + 3_600_000, createdAt: at },
      item: {
        target: { kind: "handle" as const, handle: mia, service: "auto" as const },
        chatKey: `handle:${mia}`,
        origin: "schedule" as const,
        text,
      },
    });
    await shown().goTo("agents");
    await lab.look(async (store) => {
      await store.schedule.add(later("k7ab", `later ${script}`));
      await store.schedule.add(later("m4gb", "stays"));
    });
    await page.getByText("agent:coder:", { exact: false }).first().waitFor();
    await page.getByRole("button", { name: "Prove that main is ready" }).click();
    await page.getByText(/^Ready: /).waitFor();
    await page.getByText("Try main", { exact: true }).click();
    await page.getByLabel("Say to main, without Messages").fill(`tried ${script}`);
    await page.getByRole("button", { name: "Run a turn of main" }).click();
    await page.getByText(`re: tried ${script}`, { exact: true }).waitFor();
    await page.getByLabel("Say to main, without Messages").fill("fail");
    await page.getByRole("button", { name: "Run a turn of main" }).click();
    await page.locator(".trial .bad-text").waitFor();
    const card = page.locator(".card", { hasText: `later ${script}` });
    await card.getByRole("button", { name: "Cancel k7ab" }).click();
    await card.getByRole("button", { name: "Cancel it?" }).click();
    await card.waitFor({ state: "detached" });
    expect((await lab.look((store) => store.schedule.list())).map(({ id }) => id)).toEqual(["m4gb"]);
    await shown().isUnhurt();
  });

  it("lets somebody in by a phrase, with a code for the camera and its end, and shows limits", async () => {
    const { page } = shown();
    await shown().goTo("people");
    await page.getByRole("button", { name: "New phrase for default" }).click();
    const phrase = (await page.locator(".phrase").textContent())!;
    await page.getByText(/It is good for 15 min more/).waitFor();
    const size = Number(
      await page.evaluate("document.querySelector('svg.qr').getBoundingClientRect().width"),
    );
    expect(size).toBeGreaterThan(100);
    const { stdout } = await lab.run("pair", "--check", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ phrase, state: "open", owner: false });
    await lab.sim("say", "--from", "+15550100777", "--text", phrase);
    await page.getByText(/By the newest phrase .*\+15550100777 was let in, for direct messages/).waitFor();
    const limits = page.getByRole("region", { name: "Limits of a day" });
    const today = await lab.look((store) => store.allowance.counted("", [mia]));
    await limits.getByText(`${today.length} of 500 turns`).waitFor();
    expect(await limits.getByRole("listitem").count()).toBe(1);
  });

  it("shows figures of days as bars and as the same figures in a table", async () => {
    const { page } = shown();
    await shown().goTo("usage");
    const { stdout } = await lab.run("usage", "--by", "day", "--json");
    const [{ day, turns }] = JSON.parse(stdout) as [{ day: string; turns: number }];
    const plot = page.locator("figure", { hasText: /^Turns/ });
    await plot.getByRole("row", { name: `${day} ${turns}`, exact: true }).waitFor();
    expect(await plot.locator("rect title").last().textContent()).toBe(`${day}: ${turns}, turns`);
    const times = page.locator("figure", { hasText: /^Time of a turn/ });
    const [slow, half] = await times.locator("tbody td").allTextContents();
    const counted = await lab.look((store) => store.allowance.counted(""));
    const took = counted.flatMap(({ tookMs }) => tookMs ?? []).sort((one, other) => one - other);
    const within = (share: number) =>
      `${Number((took[Math.ceil(took.length * share) - 1]! / 1000).toFixed(1))} s`;
    expect([slow, half]).toEqual([within(0.95), within(0.5)]);
    expect(await times.locator("rect title").allTextContents()).toEqual([
      `${day}: ${slow}, 19 of 20 within`,
      `${day}: ${half}, half within`,
    ]);
  });

  it("follows the log, which holds no secret and no text of anybody", { tags: ["long"] }, async () => {
    const { page } = shown();
    await shown().goTo("health");
    const log = page.getByRole("log", { name: "Log" });
    await log.getByText(/console: listening on/).waitFor();
    const cookie = await house.cookie();
    const json = { cookie, origin: house.base, "content-type": "application/json" };
    await page.getByLabel("Follow").uncheck();
    const before = await log.locator("p").count();
    const told = page.waitForResponse(/\/v1\/log/);
    await house.ask("POST", "/console/v1/enrolment", json, "{}");
    await (await told).finished();
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    expect(await log.locator("p").count()).toBe(before);
    await page.getByLabel("Follow").check();
    await expect.poll(() => log.locator("p").count()).toBe(before + 1);
    expect(await log.textContent()).not.toContain("window.hit");
  });
}
