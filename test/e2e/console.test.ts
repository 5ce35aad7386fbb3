import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConsoleHouse, mia, noBrowser, owner, sam } from "../support/console-house.js";

const house = new ConsoleHouse();
const { lab } = house;
/** What of a page is beyond its width. */
const beyond = `(width) => [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > width).at(-1)?.outerHTML`;
const script = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;

beforeAll(async () => {
  await house.start();
  const file = join(lab.folder, `a<img src=x onerror=window.hit=1>.svg`);
  writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit=1"/>`);
  await lab.sim("say", "--from", mia, "--name", `Mia ${script}`, "--text", `hello ${script}`);
  await lab.sim("say", "--from", mia, "--text", "[a](javascript:window.hit=1) **b**", "--attach", file);
  await lab.sim("say", "--from", sam, "--name", "Sam Reyes", "--text", "something to review");
  await lab.until(() => lab.got(mia).length >= 1);
  await lab.until(
    async () => (await lab.look((store) => store.drafts.list({ states: ["held"], limit: 1 }))).length === 1,
  );
}, 120_000);
afterAll(() => house.close());

describe("the console's door", () => {
  it("lets nobody in without a cookie, and shows a stranger nothing of the gateway", async () => {
    for (const path of [
      "/console/v1/health",
      "/console/v1/messages",
      "/console/events",
      "/console/v1/nothing",
    ])
      expect(await house.ask("GET", path), path).toMatchObject({ status: 401 });
    const page = await house.ask("GET", "/console/");
    expect(page.status).toBe(401);
    expect(page.body).toContain("tapback console");
    expect(page.body).not.toContain("<script");
    const { stdout } = await lab.run("console", "--json");
    const cookie = `tapback_console=${new URL(JSON.parse(stdout).url).searchParams.get("token")}`;
    expect(await house.ask("GET", "/console/v1/health", { cookie })).toMatchObject({ status: 401 });
  });

  it("opens once for an address; whoever stole it comes too late", async () => {
    const path = (await house.address()).slice(house.base.length);
    const entered = await house.ask("GET", path);
    expect(entered.status).toBe(200);
    expect(String(entered.headers["set-cookie"])).toMatch(
      /^tapback_console=\S+; Path=\/console\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    expect(entered.body).not.toContain(new URL(path, house.base).searchParams.get("token"));
    expect(entered.headers["referrer-policy"]).toBe("no-referrer");
    const again = await house.ask("GET", path);
    expect(again.status).toBe(401);
    expect(again.headers["set-cookie"]).toBeUndefined();
    expect(await house.ask("GET", "/console/enter?token=")).toMatchObject({ status: 401 });
  });

  it("answers no other host, no other origin and no form, with a good cookie", async () => {
    const cookie = await house.cookie();
    const own = { cookie, origin: house.base };
    const json = { "content-type": "application/json" };
    const say = ["POST", "/console/v1/messages"] as const;
    const body = JSON.stringify({ to: mia, text: "forged" });
    for (const host of ["evil.example", "evil.example:80", "127.0.0.1.evil.example"])
      expect(await house.ask("GET", "/console/", { cookie, host }), host).toMatchObject({ status: 421 });
    const others = [
      "http://evil.example",
      "null",
      house.base.replace("127.0.0.1", "localhost"),
      `${house.base}0`,
    ];
    for (const origin of others) {
      expect(await house.ask(...say, { ...json, cookie, origin }, body), origin).toMatchObject({
        status: 403,
      });
      expect(await house.ask("GET", "/console/v1/health", { cookie, origin }), origin).toMatchObject({
        status: 403,
      });
    }
    expect(await house.ask(...say, { ...json, cookie }, body)).toMatchObject({ status: 403 });
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"])
      expect(await house.ask(...say, { ...own, "content-type": type }, body), type).toMatchObject({
        status: 415,
      });
    const site = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" };
    expect(await house.ask("GET", "/console/events", { cookie, ...site })).toMatchObject({ status: 403 });
    // A message may have files in it; nothing else is as long.
    const huge = JSON.stringify({ text: "x".repeat(400_000) });
    const check = ["POST", "/console/v1/settings/check"] as const;
    expect(await house.ask(...check, { ...own, ...json }, huge)).toMatchObject({ status: 413 });
    expect(lab.got(mia).join()).not.toContain("forged");
  });

  it("sends every answer with a policy that runs and loads nothing from elsewhere", async () => {
    const cookie = await house.cookie();
    const index = (await house.ask("GET", "/console/", { cookie })).body;
    const [code = "", style = ""] = [/src="([^"]+)"/, /href="([^"]+\.css)"/].map(
      (each) => each.exec(index)![1]!,
    );
    const paths = [
      "/console/",
      code,
      style,
      "/console/v1/health",
      "/console/../state.db",
      "/console/enter?token=x",
    ];
    for (const path of paths) {
      const { headers } = await house.ask("GET", path, { cookie });
      const policy = String(headers["content-security-policy"]);
      if (!path.includes("..")) {
        expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
        expect(policy).not.toMatch(/unsafe|\*|https?:/);
        expect(headers["x-content-type-options"]).toBe("nosniff");
        expect(headers["access-control-allow-origin"]).toBeUndefined();
      }
    }
    // No script, style or address stands in the page itself.
    expect(index).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|https?:/);
    const built = (await house.ask("GET", code)).body;
    expect(gzipSync(built).length).toBeLessThan(60 * 1024);
    for (const path of [
      "/console/%2e%2e/%2e%2e/package.json",
      "/console/..%2fcli/main.js",
      "/console/index.html/x",
    ])
      expect(await house.ask("GET", path, { cookie }), path).toMatchObject({ status: 404 });
  });

  it("puts every browser out at once", async () => {
    const cookie = await house.cookie();
    const leave = await house.ask("POST", "/console/leave", { cookie, origin: house.base });
    expect(leave.status).toBe(204);
    expect(await house.ask("GET", "/console/v1/health", { cookie })).toMatchObject({ status: 401 });
  });
});

const inBrowser = noBrowser === undefined ? describe : describe.skip;

inBrowser(`the console in a browser${noBrowser ? `: ${noBrowser}` : ""}`, () => {
  let page: Page;
  const troubles: string[] = [];
  const goTo = async (place: string) => {
    await page.goto(`${house.base}/console/#/${place}`);
  };
  beforeAll(async () => {
    page = await house.page();
    page.on("pageerror", ({ message }) => troubles.push(message));
    page.on("console", (said) => {
      if (/Content Security Policy|TrustedScript/.test(said.text())) troubles.push(said.text());
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(house.base)) troubles.push(request.url());
    });
  });
  /** What axe finds on the page as it stands. */
  const violations = async (): Promise<string[]> => {
    await page.evaluate(axe.source);
    const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`);
  };
  const unhurt = async () => {
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(await page.locator("img, script:not([src]), iframe, object").count()).toBe(0);
    expect(troubles).toEqual([]);
  };

  it("shows a stranger's browser the way in alone", async () => {
    const stranger = await house.stranger();
    await stranger.goto(`${house.base}/console/#/inbox`);
    await stranger.getByRole("heading", { name: "This browser is not let in" }).waitFor();
    expect(await stranger.evaluate("document.cookie")).toBe("");
    await stranger.context().close();
  });

  it("plays a newcomer's minute: a phone, an answer, and its story", async () => {
    await goTo("conversations");
    await page.getByRole("button", { name: "New phone or group" }).click();
    await page.getByLabel("Number or address").fill("+15550100555");
    await page.getByLabel("Name", { exact: true }).fill("Eve");
    await page.getByLabel("First message").fill("may I come in?");
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await page
      .getByRole("log")
      .getByText(/pairing code/i)
      .waitFor();
    // The same as a command would: let in, and what was written is answered.
    await page.getByRole("link", { name: /People/ }).click();
    const card = page.locator(".card", { hasText: "+15550100555" });
    await card.getByText(/tapback pairing approve \w{8} --replay/).waitFor();
    await card.getByRole("button", { name: "Approve", exact: true }).click();
    await page
      .getByText(/Approved/)
      .first()
      .waitFor();
    await lab.until(() => lab.got("+15550100555").length === 2);
    await goTo("inbox?words=may%20I%20come");
    await page.locator(".row", { hasText: "Answered" }).first().click();
    const story = page.getByRole("region", { name: "Story of the message" });
    await story.getByText("Turn done").waitFor();
    await story.getByText("Sent", { exact: true }).first().waitFor();
    await story.getByRole("link", { name: "channels.imessage.dmPolicy" }).first().click();
    await page.getByLabel("Text of the configuration file").waitFor();
  });

  it("shows what people wrote, and never runs it", async () => {
    for (const place of ["inbox", "inbox/1", "inbox/3", "people", "drafts", "agents", "health", "usage"]) {
      await goTo(place);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    await goTo(`conversations/${encodeURIComponent(`default chat_id:${lab.mac.chatId(mia)}`)}`);
    const log = page.getByRole("log");
    await log.getByText(`hello ${script}`).first().waitFor();
    await log.getByText("[a](javascript:window.hit=1) **b**").first().waitFor();
    expect(await page.locator("a[href^='javascript' i]").count()).toBe(0);
    const write = page.getByRole("combobox");
    await write.selectOption({ label: "This account" });
    await page.getByLabel("Write as this account").fill(`**bold** ${script}`);
    await page.getByRole("button", { name: "Send" }).click();
    await log.getByText(`bold ${script}`).waitFor();
    await unhurt();
  });

  it("sends a draft with better words", async () => {
    await goTo("drafts");
    await page.getByLabel(/Text of the draft/).fill("Better at six.");
    await page.getByRole("button", { name: "Send these words" }).click();
    await lab.until(() => lab.got(sam).includes("Better at six."));
    await page.getByText("Nothing waits for a yes.").waitFor();
  });

  it("asks what agents ask, shown whole, and keeps who answered", async () => {
    await goTo("drafts");
    const what = {
      kind: "execute",
      title: `Run ${script}`,
      rawInput: { command: `rm -rf ${"x".repeat(3500)} /end` },
    };
    await lab.sim(
      "say",
      "--from",
      owner,
      "--text",
      `permission ${JSON.stringify({ toolCall: { toolCallId: "1", ...what } })}`,
    );
    const card = page.locator(".card", { hasText: "May it do this?" });
    await card.getByText("/end").first().waitFor();
    await page.getByRole("link", { name: /Drafts 1 waiting/ }).waitFor();
    await unhurt();
    expect(await violations()).toEqual([]);
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

  it("shows agents and sessions, proves one, and takes back what was scheduled", async () => {
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
    await goTo("agents");
    await lab.look(async (store) => {
      await store.schedule.add(later("k7ab", `later ${script}`));
      await store.schedule.add(later("m4gb", "stays"));
    });
    await page.getByText("agent:coder:", { exact: false }).first().waitFor();
    await page.getByRole("button", { name: "Prove that main is ready" }).click();
    await page.getByText(/^Ready: /).waitFor();
    const card = page.locator(".card", { hasText: `later ${script}` });
    await card.getByRole("button", { name: "Cancel k7ab" }).click();
    await card.getByRole("button", { name: "Cancel it?" }).click();
    await card.waitFor({ state: "detached" });
    expect((await lab.look((store) => store.schedule.list())).map(({ id }) => id)).toEqual(["m4gb"]);
    await unhurt();
  });

  it("lets somebody in by a phrase, with a code for the camera and its end", async () => {
    await goTo("people");
    await page.getByRole("button", { name: "New phrase for default" }).click();
    const phrase = (await page.locator(".phrase").textContent())!;
    await page.getByText(/It is good for 15 min more/).waitFor();
    const size = Number(
      await page.evaluate("document.querySelector('svg.qr').getBoundingClientRect().width"),
    );
    expect(size).toBeGreaterThan(100);
    expect(await violations()).toEqual([]);
    const { stdout } = await lab.run("pair", "--check", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ phrase, state: "open", owner: false });
    await lab.sim("say", "--from", "+15550100777", "--text", phrase);
    await page.getByText(/By the newest phrase .*\+15550100777 was let in, for direct messages/).waitFor();
  });

  it("shows a row that is dropped as one, by itself", async () => {
    await goTo("inbox");
    const { chat_id: chat } = JSON.parse(
      await lab.sim("group", "create", "--name", "Strangers", "--members", "+15550100888", "--json"),
    ) as { chat_id: number };
    await lab.sim("say", "--from", "+15550100888", "--chat", String(chat), "--text", "nobody asked you");
    const row = page.locator(".row", { hasText: "nobody asked you" });
    await row.getByText(/^group /).waitFor();
  });

  it("judges the settings as they are typed, and saves them with their comments", async () => {
    await goTo("settings");
    const text = page.getByLabel("Text of the configuration file");
    const file = join(lab.folder, "tapback.json5");
    const before = readFileSync(file, "utf8");
    await expect.poll(() => text.inputValue()).toContain("channels");
    const shown = await text.inputValue();
    // A variable of an agent may be a key.
    expect(shown).not.toContain("envelopes.jsonl");
    await text.fill(shown.replace('"dmPolicy"', '"dmPolcy"'));
    await page.getByText("did you mean dmPolicy?").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    // Whom it would shut out is told before it is saved.
    await text.fill(shown.replace(`"${mia}",`, ""));
    await page.getByRole("button", { name: "Whom would it change?" }).click();
    const change = page.locator(".preview li", { hasText: "Mia" });
    await change.getByText(/answered 0 instead of \d/).waitFor();
    expect(await page.locator(".preview li").count()).toBe(1);
    await text.fill(`// Kept.\n${shown}`);
    await page.getByText("This is valid.").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved. It holds from the next message.").waitFor();
    expect(readFileSync(file, "utf8")).toBe(`// Kept.\n${before}`);
  });

  it("finds its gateway again after a restart, without a lost row", async () => {
    await goTo("inbox");
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

  it("has no findings of axe, wide and light, narrow and dark", async () => {
    const chat = encodeURIComponent(`default chat_id:${lab.mac.chatId(mia)}`);
    /** Places, with what shows that there is something to look at. */
    const places = Object.entries({
      conversations: ".row",
      [`conversations/${chat}`]: ".bubble.mine",
      inbox: ".row",
      "inbox/1": ".line li",
      people: ".columns",
      "drafts?state=all": ".card",
      agents: ".card",
      health: ".stages",
      usage: "table",
      settings: ".good-text",
    });
    const findings: string[] = [];
    for (const [width, colorScheme] of [
      [1280, "light"],
      [360, "dark"],
    ] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      for (const [place, shows] of places) {
        await goTo(place);
        await page.locator(shows).first().waitFor({ state: "attached" });
        const where = `${place} ${width} ${colorScheme}`;
        for (const violation of await violations()) findings.push(`${where} ${violation}`);
        const wide = Number(await page.evaluate("document.documentElement.scrollWidth"));
        if (wide > width)
          findings.push(`${where}: ${wide} wide, ${await page.evaluate(`(${beyond})(${width})`)}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(findings).toEqual([]);
    await unhurt();
  });

  it("has few rows in the document, whatever the inbox holds", async () => {
    house.fillJournal(10_000);
    await goTo("inbox?show=all");
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
    await unhurt();
  });
});
