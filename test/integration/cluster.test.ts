import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ClusterLab, type ClusterNode } from "../support/cluster-lab.js";
import { noBrowser, startBrowser } from "../support/console-house.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";

const kim = "+15550100123";
const imessage = { dmPolicy: "allowlist", allowFrom: [kim] };
const leaseMs = 3000;

/** Two gateways on one state, one Mac (behaviour 21.4); how soon one takes over is measured by `npm run test:cluster`. Its build of imsg has sends under a GUID of ours. */
describe.skipIf(withoutPostgres)("two gateways on one state", () => {
  let server: PostgresHere;
  let lab: ClusterLab;
  let one: ClusterNode;
  let two: ClusterNode;
  let url: string;
  beforeAll(async () => {
    server = await new PostgresHere().start();
    lab = new ClusterLab({ version: "0.19.1", bridge: true, sip: "disabled" }, leaseMs);
    url = server.url();
    one = lab.node("one", url, imessage);
    two = lab.node("two", url, imessage, { gateway: { console: { enabled: true } } });
    await one.start();
    await two.start();
    await one.until(() => one.says("connected to Messages"));
  });
  afterAll(async () => {
    await lab.close();
    await server.remove();
  });

  const answers = (text: string) => lab.got(kim).filter((one) => one === text);
  /** An address of the second one's console, good for one browser. */
  const address = async () =>
    (JSON.parse((await two.run("console", "--json")).stdout) as { url: string }).url;
  const entered = async (url: string) => {
    const { headers } = await fetch(url, { redirect: "manual" });
    return headers.get("set-cookie")!.split(";", 1)[0]!;
  };
  async function asked(text: string, limitMs?: number): Promise<void> {
    lab.mac.say(kim, `echo ${text}`);
    await lab.until(() => answers(text).length > 0, limitMs);
  }

  it("has one serve the account and the other one stand by, which says so", async () => {
    await asked("both");
    expect(two.says("this gateway stands by")).toBe(true);
    expect(two.says("connected to Messages")).toBe(false);
    const { code, stdout } = await two.run("channels", "status");
    expect([code, stdout]).toEqual([0, expect.stringContaining("the account default is served by")]);
    const sent = await two.run("message", "send", "--to", kim, "--text", "hello");
    expect([sent.code === 0, sent.stderr]).toEqual([false, expect.stringContaining("is served by")]);
    expect(answers("both")).toHaveLength(1);
  });

  it("is told by `cluster status`, from wherever", async () => {
    const { code, stdout } = await two.run("cluster", "status", "--json");
    const { nodes, accounts, server: answer } = JSON.parse(stdout);
    expect([code, nodes.map(({ kind, isKeeper }: Record<string, unknown>) => [kind, isKeeper])]).toEqual([
      0,
      [
        ["gateway", true],
        ["gateway", false],
      ],
    ]);
    expect(nodes[0].leaseMs).toBeGreaterThan(0);
    expect(accounts).toEqual([
      {
        ...{ id: "default", enabled: true, node: nodes[0].id },
        turns: { count: 0, oldestMs: null },
        outbox: { count: 0, oldestMs: null },
      },
    ]);
    expect(answer.answerMs).toBeGreaterThanOrEqual(0);
    // The console of a gateway that stands by tells the same.
    const cookie = await entered(await address());
    const told = await fetch(new URL("/console/v1/cluster", await address()), { headers: { cookie } });
    expect(await told.json()).toMatchObject({
      nodes: nodes.map(({ leaseMs: _, ...node }: Record<string, unknown>) => node),
      accounts,
    });
    const text = await one.run("cluster", "status");
    expect(text.stdout).toMatch(/^NODE +PID +KIND.*keeps the state.*default +\S+, pid \d+ +none +none/s);
  });

  it.skipIf(noBrowser !== undefined)("is shown on the page of a console", { tags: ["long"] }, async () => {
    const browser = await startBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(await address());
      await page.getByRole("link", { name: "Health" }).click();
      const shown = page.getByRole("region", { name: "Machines that share the state" });
      await shown.getByText("It serves default, keeps the state.").waitFor();
      await shown.getByText("It stands by.").waitFor();
      expect(await shown.getByText(/^lease for \d+ s$/).count()).toBe(2);
    } finally {
      await browser.close();
    }
  });

  it("hands the account over when it is stopped in order, and answers what came in between", async () => {
    await one.stop();
    lab.mac.say(kim, "echo between");
    await two.until(() => two.says("account taken over"));
    await lab.until(() => answers("between").length > 0);
    expect(answers("between")).toHaveLength(1);
    await one.start();
    await one.until(() => one.says("this gateway stands by"));
  });

  it("takes over from one that was killed, once its lease is over", async () => {
    await two.kill();
    lab.mac.say(kim, "echo dead");
    await one.until(() => one.says("account taken over"));
    await lab.until(() => answers("dead").length > 0);
    await two.start();
    await two.until(() => two.says("this gateway stands by"));
  });

  it("starts again at once where nobody else is", { tags: ["long"] }, async () => {
    await two.stop();
    await one.kill();
    await one.start();
    await one.until(() => one.says("connected to Messages"));
    // It did not wait for the end of its own lease.
    expect(one.says("stands by")).toBe(false);
    await two.start();
  });

  it("takes over from one that is frozen, which does nothing more when it goes on, and stands by", async () => {
    // Where the state is holds until its end, also for a new beginning.
    one.edit({ store: {} });
    await one.until(() => one.says("store.url holds from the next start"));
    // It has a message in its hands.
    lab.mac.say(kim, "echo frozen");
    one.freeze();
    await two.until(() => two.says("account taken over"));
    await asked("meanwhile");
    one.thaw();
    await one.until(() => one.says("it begins anew") && one.says("this gateway stands by"));
    await asked("afterwards");
    for (const text of ["frozen", "meanwhile", "afterwards"])
      expect([text, answers(text)]).toEqual([text, [text]]);
    expect(await server.ask("SELECT 1")).toHaveLength(1);
    one.edit({ store: { url } });
  });

  it("lets no command have the state alone", async () => {
    for (const words of [
      ["store", "copy", "--to", "file"],
      ["people", "forget", kim, "--yes"],
    ]) {
      await two.run(...words);
      const { code, stderr } = await one.run(...words);
      expect([code === 0, stderr]).toEqual([false, expect.stringMatching(/gateway/)]);
    }
  });
});
