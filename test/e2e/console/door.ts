import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { type ConsoleHouse, mia } from "../../support/console-house.js";

/** Who is let in, and what attackers send who are no browser (behaviour 19.2). */
export function doorTests(house: ConsoleHouse): void {
  const { lab } = house;

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
    const [name] = (await house.cookie()).split("=");
    const cookie = `${name}=${new URL(JSON.parse(stdout).url).searchParams.get("token")}`;
    expect(await house.ask("GET", "/console/v1/health", { cookie })).toMatchObject({ status: 401 });
  });

  it("opens once for an address; whoever stole it comes too late", async () => {
    const path = (await house.address()).slice(house.base.length);
    const entered = await house.ask("GET", path);
    expect(entered.status).toBe(200);
    expect(String(entered.headers["set-cookie"])).toMatch(
      /^tapback_console_[\w-]{8}=\S+; Max-Age=604800; Path=\/console\/; HttpOnly; SameSite=Strict$/,
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

  it("serves no file of a message, whoever made it", async () => {
    const cookie = await house.cookie();
    const rows = JSON.parse((await house.ask("GET", "/console/v1/messages", { cookie })).body).items;
    const [{ id }] = rows.filter((row: { attachments: unknown[] }) => row.attachments.length > 0);
    const { status, body } = await house.ask("GET", `/console/v1/messages/${id}/attachments/0`, { cookie });
    expect([status, JSON.parse(body).code]).toEqual([404, "RESOURCE_UNKNOWN"]);
  });

  it("puts every browser out at once", async () => {
    const cookie = await house.cookie();
    const leave = await house.ask("POST", "/console/leave", { cookie, origin: house.base });
    expect(leave.status).toBe(204);
    expect(String(leave.headers["set-cookie"])).toMatch(new RegExp(`^${cookie.split("=")[0]}=; Max-Age=0; `));
    expect(await house.ask("GET", "/console/v1/health", { cookie })).toMatchObject({ status: 401 });
  });
}
