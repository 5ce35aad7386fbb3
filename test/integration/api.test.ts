import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { basename, join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answered, ApiHouse, eve, mia, owner, sam } from "../support/api-house.js";
import { type ApiDocument, everyRequest, madeFor, nowhere } from "../support/every-request.js";

const house = new ApiHouse();
const { lab } = house;
/** Secrets of tokens, by what they are good for. */
const tokens: Record<string, string> = {};
let document: ApiDocument;
/** What is there, by the names of parameters. */
let there: Record<string, string>;

beforeAll(async () => {
  house.configure();
  await lab.startHere();
  lab.mac.say(mia, "hello");
  lab.mac.say(sam, "something to review");
  lab.mac.say(eve, "may I come in?");
  await lab.until(() => lab.got(mia).length === 1 && lab.got(eve).length === 1);
  await lab.until(
    async () => (await lab.look((store) => store.drafts.list({ states: ["held"], limit: 1 }))).length === 1,
  );
  tokens.full = await house.token("full");
  for (const scope of ["read", "send", "people", "admin"] as const)
    tokens[`without ${scope}`] = await house.token(`without-${scope}`, {
      scopes: (["read", "send", "people", "admin"] as const).filter((each) => each !== scope),
    });
  tokens.mia = await house.token("mia", {}, [mia]);
  tokens.elsewhere = await house.token("elsewhere", {}, ["+15550100777", "chat_guid:iMessage;+;chat1"]);
  tokens.expired = await house.token("expired", { expiresAt: 1 });
  tokens.revoked = await house.token("revoked");
  await lab.look((store) => store.tokens.revoke("revoked"));
  tokens.wrong = tokens.full.replace(/.{5}$/, "AAAAA");
  document = (await house.ask(undefined, "/v1/openapi.json")).body;
  there = await madeFor(house, tokens.full);
}, 120_000);
afterAll(() => house.close());

const told = ({ status, body }: Answered) => ({ status, body });

describe("the API", { timeout: 120_000 }, () => {
  it("has a document that the published schema of OpenAPI 3.1 takes", async () => {
    const { valid, errors } = await new Validator().validate(document);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(Object.keys(document.paths)).toHaveLength(21);
  });

  it("gives nothing without a token that is good, and says nothing of why", async () => {
    const answers = new Set<string>();
    for (const { path, body, scope, operation } of everyRequest(document, there)) {
      if (scope === undefined) {
        expect(operation.operationId).toBe("getDocument");
        continue;
      }
      for (const token of [undefined, tokens.wrong, tokens.expired, tokens.revoked, "x"]) {
        const answered = await house.ask(token, path, body);
        expect(answered.status, path).toBe(401);
        expect(answered.headers.get("www-authenticate")).toBe("Bearer");
        answers.add(JSON.stringify(answered.body));
      }
    }
    expect([...answers]).toHaveLength(1);
    expect((await house.ask(undefined, "/v1/nothing")).status).toBe(401);
    expect((await house.ask(tokens.full, "/v1/nothing")).status).toBe(404);
  });

  it("counts what happens for Prometheus, and tells it whoever may know of all accounts", async () => {
    const asked = async (token: string | undefined) => house.ask(token, "/metrics");
    const { status, body, headers } = await asked(tokens.full);
    expect([status, headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
    expect(body).toMatch(/^tapback_messages_total\{account="default",arrival="live"\} [1-9]/m);
    expect(body).toMatch(/^tapback_connected\{account="default"\} 1$/m);
    expect(body).not.toMatch(/1555|hello/);
    const refused = [undefined, tokens["without admin"], tokens.mia].map(asked);
    expect((await Promise.all(refused)).map((each) => each.status)).toEqual([401, 403, 404]);
  });

  it("refuses without the scope, whether or not there is something", async () => {
    for (const names of [there, nowhere])
      for (const { path, body, scope } of everyRequest(document, names)) {
        if (scope === undefined) continue;
        const answered = await house.ask(tokens[`without ${scope}`], path, body);
        expect(told(answered), path).toMatchObject({ status: 403, body: { code: "SCOPE_MISSING" } });
      }
  });

  it("tells a token of other chats the same as of what is not there", async () => {
    const [absent, present] = [everyRequest(document, nowhere), everyRequest(document, there)];
    for (const [index, { path, body, scope, hasNames, operation, isStream }] of present.entries()) {
      if (scope === undefined || isStream) continue;
      const answered = await house.ask(tokens.elsewhere, path, body);
      const isList = /^list/.test(operation.operationId);
      if (isList)
        expect(told(answered), path).toEqual({ status: 200, body: { ...answered.body, items: [] } });
      else expect(told(answered), path).toMatchObject({ status: 404, body: { code: "RESOURCE_UNKNOWN" } });
      if (!hasNames || operation.operationId === "getPerson") continue;
      // To the letter what somebody is told who may see everything.
      expect(told(await house.ask(tokens.full, absent[index]!.path, body)), path).toEqual(told(answered));
    }
    for (const query of [`chat=${sam}`, "account=nobody", `chat=${there.chat}`]) {
      const answered = await house.ask(
        tokens.elsewhere,
        `/v1/messages?${encodeURI(query).replace("+", "%2B")}`,
      );
      expect(told(answered), query).toMatchObject({ status: 404, body: { code: "RESOURCE_UNKNOWN" } });
    }
    // None of it did anything.
    expect(lab.got(sam)).toEqual(["from a program"]);
    expect((await house.ask(tokens.full, `/v1/drafts/${there.draft}`)).body.state).toBe("held");
    expect((await house.ask(tokens.full, "/v1/pairing")).body.items).toHaveLength(1);
  });

  it("shows a token its own chats and no others", async () => {
    const chats = await house.ask(tokens.mia, "/v1/chats");
    expect(chats.body).toMatchObject({ items: [{ identifier: mia, isGroup: false }], next: null });
    const { items } = (await house.ask(tokens.mia, "/v1/messages")).body;
    expect(items.map(({ text }: { text: string }) => text)).toEqual(["re: hello", "hello"]);
    const story = await house.ask(tokens.mia, `/v1/explain/${items[1].id}`);
    expect(story.body).toMatchObject({
      decision: "dispatch",
      turn: { notes: [] },
      replies: [{ text: "re: hello" }],
    });
    const whole = JSON.parse((await lab.run("explain", String(items[1].id), "--json")).stdout);
    expect((await house.ask(tokens.full, `/v1/explain/${items[1].id}`)).body).toEqual(whole);
    const named = { to: `chat_id:${lab.mac.chatId(mia)}`, text: "to my chat" };
    expect((await house.ask(tokens.mia, "/v1/messages", named)).status).toBe(200);
    expect(lab.got(mia)).toEqual(["re: hello", "to my chat"]);
  });

  it("pages both ways, over a restart, and past the end", async () => {
    const count = lab.mac.sent().length + lab.mac.received().length;
    await lab.until(async () => (await house.ask(tokens.full, "/v1/messages")).body.items.length === count);
    const all = (await house.ask(tokens.full, "/v1/messages?limit=200")).body.items.map(
      ({ id }: { id: number }) => id,
    );
    const read = async (order: string, from?: string) => {
      const ids: number[] = [];
      let next: string | null | undefined = from;
      do {
        const cursor: string = next ? `&cursor=${next}` : "";
        const page = (await house.ask(tokens.full, `/v1/messages?order=${order}&limit=2${cursor}`)).body;
        ids.push(...page.items.map(({ id }: { id: number }) => id));
        if (page.items.length === 0) return { ids, next: page.next };
        next = page.next;
      } while (next);
      return { ids, next };
    };
    expect((await read("newest")).ids).toEqual(all);
    const forward = await read("oldest");
    expect(forward.ids).toEqual(all.toReversed());
    const { next } = (await house.ask(tokens.full, "/v1/messages?limit=1")).body;
    await lab.stop();
    await lab.startHere();
    lab.mac.say(owner, "after the restart");
    await lab.until(() => lab.got(owner).includes("re: after the restart"));
    await lab.until(async () => (await read("oldest", forward.next)).ids.length === 2);
    expect((await read("newest", next)).ids).toEqual(all.slice(1));
    expect((await house.ask(tokens.full, `/v1/messages?order=oldest&cursor=${next}`)).status).toBe(400);
  });

  it("sends once under a key, tells what became of it, and says who asked", async () => {
    const headers = { "Idempotency-Key": "order 7" };
    const message = { to: mia, text: "Your order **7**" };
    const twice = await Promise.all(
      [1, 2].map(() => house.ask(tokens.full, "/v1/messages", message, headers)),
    );
    const [first, second] = twice.map(told);
    expect(first).toMatchObject({ status: 200, body: { parts: [{ id: expect.any(Number) }] } });
    expect(second!.body.parts[0].id).toBe(first!.body.parts[0].id);
    expect(lab.got(mia).filter((text) => text === "Your order 7")).toHaveLength(1);
    const other = await house.ask(tokens.full, "/v1/messages", { ...message, text: "another" }, headers);
    expect(told(other)).toMatchObject({ status: 422, body: { code: "KEY_REUSED" } });
    expect(other.headers.get("content-type")).toBe("application/problem+json");
    // The same key of another program is another key.
    await house.ask(tokens.mia, "/v1/messages", message, headers);
    expect(lab.got(mia).filter((text) => text === "Your order 7")).toHaveLength(2);
    const { id } = first!.body.parts[0];
    expect((await house.ask(tokens.full, `/v1/sends/${id}`)).body).toMatchObject({
      id,
      text: "Your order 7",
      state: "stored",
    });
    expect((await house.ask(tokens.mia, `/v1/sends/${id}`)).status).toBe(404);
    expect(JSON.parse((await lab.run("message", "status", String(id), "--json")).stdout).askedBy).toBe(
      "token full",
    );
    expect(lab.log).toContain("token full: sendMessage");
    expect(lab.log).not.toContain("Your order");
  });

  it("sends files once under a key, as they were, and nothing else as a file", async () => {
    const photo = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");
    const plan = Buffer.from("the plan");
    const files = [
      { name: "photo.png", content: photo.toString("base64") },
      { name: "../../plan.txt", content: plan.toString("base64") },
    ];
    const send = (body: object, key = "files 1") =>
      house.ask(tokens.full, "/v1/messages", { to: mia, ...body }, { "Idempotency-Key": key });
    const both = await Promise.all([1, 2].map(() => send({ text: "two files", files })));
    expect(both.map(told)).toEqual([told(both[0]!), told(both[0]!)]);
    expect(told(both[0]!)).toMatchObject({ status: 200, body: { state: "stored", parts: [{}, {}, {}] } });
    const sent = lab.mac.transcript(mia).filter(({ from }) => from === "me");
    const paths = sent.flatMap(({ attachments }) => attachments);
    expect(paths.map((path) => basename(path))).toEqual(["photo.png", "plan.txt"]);
    expect(paths.map((path) => readFileSync(path))).toEqual([photo, plan]);
    await lab.until(() => readdirSync(join(lab.folder, "state/outgoing")).length === 0);
    const others = [files.slice(0, 1), [files[0], { ...files[1], content: photo.toString("base64") }]];
    for (const other of others)
      expect((await send({ text: "two files", files: other })).body.code).toBe("KEY_REUSED");
    const alone = await send({ files: files.slice(0, 1) }, "files 2");
    expect(told(alone)).toMatchObject({ status: 200, body: { parts: [{}] } });
    for (const odd of [
      {},
      { files: [] },
      { files: [{ name: "x", content: "not base64!" }] },
      { files: [{ name: "x" }] },
    ])
      expect((await send(odd, "files 3")).body.code, JSON.stringify(odd)).toBe("REQUEST_INVALID");
    const large = [{ name: "x", content: Buffer.alloc(1024 * 1024 + 1).toString("base64") }];
    expect(told(await send({ files: large }, "files 4"))).toMatchObject({
      status: 413,
      body: { code: "FILE_TOO_LARGE" },
    });
    const status = JSON.parse(
      (await lab.run("message", "status", String(alone.body.parts[0].id), "--json")).stdout,
    );
    expect(JSON.stringify(status)).not.toContain(files[0]!.content);
    const elsewhere = await house.ask(tokens.elsewhere, "/v1/messages", { to: mia, files });
    expect(elsewhere.status).toBe(404);
  });

  it("gives the files of messages that it shows, from where files may come, and no other", async () => {
    const png = Buffer.from("\x89PNG\r\n\x1a\n and more", "latin1");
    const [photo, outside] = [join(lab.folder, "Attachments/photo.jpg"), join(lab.folder, "outside.txt")];
    mkdirSync(join(lab.folder, "Attachments"), { recursive: true });
    writeFileSync(photo, png);
    writeFileSync(outside, "not for anybody");
    const stored = [photo, outside].map((path, index) => ({
      ...{
        guid: `FILE-${index}`,
        path,
        name: basename(path),
        uti: "public.jpeg",
        mime: "image/jpeg",
        bytes: 5,
      },
    }));
    const guid = lab.mac.sendFiles(mia, stored, "two");
    await lab.until(async () => (await house.ask(tokens.mia, `/v1/messages/${guid}`)).status === 200);
    const file = (token: string | undefined, at: string) =>
      fetch(`${house.url}/v1/messages/${guid}/attachments/${at}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
    const given = await file(tokens.mia, "0");
    expect([given.status, given.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(given.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''photo.jpg");
    expect(Buffer.from(await given.arrayBuffer())).toEqual(png);
    const codes = await Promise.all(
      ["1", "2", "x"].map(
        async (at) => ((await (await file(tokens.mia, at)).json()) as { code: string }).code,
      ),
    );
    expect(codes).toEqual(["MEDIA_OUTSIDE_ROOTS", "RESOURCE_UNKNOWN", "REQUEST_INVALID"]);
    expect((await file(tokens.elsewhere, "0")).status).toBe(404);
  });

  it("decides on drafts and lets people in, under its own name and never as owners", async () => {
    const draft = await house.ask(tokens.full, `/v1/drafts/${there.draft}/send`, {
      text: "as a program says it",
    });
    expect(told(draft)).toMatchObject({ status: 200, body: { state: "sent", decidedBy: "token full" } });
    await lab.until(() => lab.got(sam).includes("as a program says it"));
    expect((await house.ask(tokens.full, `/v1/drafts/${there.draft}/drop`, {})).body.code).toBe(
      "DRAFT_SETTLED",
    );
    const approved = await house.ask(tokens.full, `/v1/pairing/${there.code!.toLowerCase()}/approve`, {
      notify: true,
    });
    expect(told(approved)).toEqual({ status: 200, body: { approved: eve, account: "default", replayed: 0 } });
    await lab.until(() => lab.got(eve).length === 2);
    expect((await house.ask(tokens.full, `/v1/pairing/${there.code}/deny`, {})).status).toBe(409);
    expect((await house.ask(tokens.full, "/v1/people")).body.items).toMatchObject([
      { handle: eve, optedOutAt: null },
    ]);
    const person = `/v1/people/${encodeURIComponent(eve)}`;
    expect((await house.ask(tokens.full, person)).body).toMatchObject({
      owner: false,
      admittedBy: [{ by: "approval" }],
    });
    expect((await house.ask(tokens.full, `${person}/revoke`, {})).body).toEqual({
      revoked: eve,
      accounts: ["default"],
    });
    expect((await house.ask(tokens.full, "/v1/people")).body.items).toEqual([]);
    expect((await house.ask(tokens.full, "/v1/health")).body).toMatchObject({
      accounts: [{ id: "default", verdict: "works" }],
    });
  });

  it("takes so much and no more", async () => {
    const few = await house.token("few", { perMinute: 2 });
    const statuses = [1, 2, 3].map(() => house.ask(few, "/v1/chats"));
    const [, , third] = await Promise.all(statuses);
    expect(told(third!)).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    expect(Number(third!.headers.get("retry-after"))).toBeGreaterThan(20);
    const post = (body: string, type = "application/json") =>
      house.ask(tokens.full, "/v1/messages", body, { "Content-Type": type });
    const long = (size: number) => JSON.stringify({ to: mia, text: "x".repeat(size) });
    expect((await post(long(300_000))).body.code).toBe("REQUEST_INVALID");
    expect((await post(long(1_800_000))).body.code).toBe("REQUEST_TOO_LARGE");
    const edit = await house.ask(tokens.full, `/v1/drafts/${there.draft}/edit`, long(300_000));
    expect(edit.status).toBe(413);
    // Of whoever may not send, no more is read than of any request.
    expect((await house.ask(tokens.wrong, "/v1/messages", long(1_800_000))).status).toBe(401);
    expect((await post("{", "text/plain")).status).toBe(415);
    expect((await post("{")).status).toBe(400);
    expect((await post(JSON.stringify({ to: mia, text: "hi", more: 1 }))).body.code).toBe("REQUEST_INVALID");
    for (const query of ["limit=0", "limit=1&limit=2", "unknown=1", "cursor=xyz", "order=up"])
      expect((await house.ask(tokens.full, `/v1/messages?${query}`)).status, query).toBe(400);
    expect((await house.ask(tokens.full, "/v1/messages", { to: "Mia", text: "hi" })).status).toBe(400);
  });

  it("answers no page that was led here, and no other page either", async () => {
    const { port } = new URL(house.url);
    const asked = (host: string) =>
      new Promise<{ status: number; cors: unknown }>((resolve, reject) => {
        const headers = {
          Host: host,
          Authorization: `Bearer ${tokens.full}`,
          Origin: "https://evil.example",
        };
        request({ host: "127.0.0.1", port, path: "/v1/chats", headers }, (response) => {
          response.resume();
          resolve({ status: response.statusCode!, cors: response.headers["access-control-allow-origin"] });
        })
          .on("error", reject)
          .end();
      });
    expect(await asked("evil.example")).toEqual({ status: 421, cors: undefined });
    expect(await asked(`127.0.0.1:${port}`)).toEqual({ status: 200, cors: undefined });
  });

  it("is made, listed and taken back at the command line, and heeded at once", async () => {
    const rights = ["--scopes", "read,send", "--chats", there.chat!];
    const made = await lab.run("token", "add", "shop", ...rights, "--json");
    const { token, ...shown } = JSON.parse(made.stdout);
    expect(shown).toMatchObject({
      scopes: ["read", "send"],
      account: "default",
      chats: [expect.stringMatching(/^chat_guid:/)],
    });
    expect((await house.ask(token, "/v1/chats")).body.items).toMatchObject([{ identifier: sam }]);
    expect((await lab.run("token", "add", "shop", "--scopes", "read")).stderr).toContain("TOKEN_EXISTS");
    expect(
      (await lab.run("token", "add", "x", "--scopes", "read", "--chats", "chat_id:999")).stderr,
    ).toContain("CHAT_UNNAMED");
    const listed = await lab.run("token", "list", "--json");
    expect(JSON.parse(listed.stdout)).toContainEqual({ ...shown, lastUsedAt: expect.any(String) });
    expect(listed.stdout).not.toContain(token);
    expect((await lab.run("token", "revoke", "shop")).code).toBe(0);
    expect((await house.ask(token, "/v1/chats")).status).toBe(401);
    expect(lab.log).not.toContain(token);
  });

  it("goes off and on with the configuration, and a taken port keeps nothing else from work", async () => {
    const { url } = house;
    house.configure({ enabled: false });
    await lab.until(() =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    );
    const taken = await import("node:net").then(({ createServer }) => createServer());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    house.configure({ port: (taken.address() as { port: number }).port });
    await lab.until(() => lab.log.includes("PORT_TAKEN"));
    const status = JSON.parse((await lab.run("channels", "status", "--json")).stdout);
    const error = { code: "PORT_TAKEN" };
    expect(status.gateway.http).toMatchObject(
      ["api", "metrics", "mcp"].map((name) => ({ name, url: null, error })),
    );
    lab.mac.say(mia, "still there?");
    await lab.until(() => lab.got(mia).includes("re: still there?"));
    taken.close();
    house.configure();
    await lab.until(() => house.url !== url);
    expect((await house.ask(tokens.full, "/v1/chats")).status).toBe(200);
    expect((await lab.run("channels", "status")).stdout).toContain(`api: ${house.url}`);
  });
});
