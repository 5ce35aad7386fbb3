import { existsSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { openDatabase } from "../../src/platform/index.js";
import { acpAgent } from "./acp-agent.js";
import { GatewayLab } from "./gateway-lab.js";

export const owner = "+15550100999";
export const mia = "+15550100123";
/** What is answered to Sam waits for the owner's yes. */
export const sam = "+15550100321";

/** What people write and call things who would like to run something in the owner's browser. */
export const script = `<img src=x onerror="window.hit=1"><script>window.hit=1</script>`;

/** The account's own. */
const ownNumber = "+15550100000";

const program = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** Why tests in a browser cannot run here; undefined when they can. */
export const noBrowser =
  program === undefined ? "there is no Chromium (apt-get install chromium)" : undefined;

/** What the console answered to somebody who is no browser. */
export interface Raw {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Blocks of a configuration. */
interface HouseSettings {
  imessage: Record<string, unknown>;
  rest: Record<string, unknown>;
}

/** A gateway with its console on a simulated Mac, and a browser. */
export class ConsoleHouse {
  readonly lab = new GatewayLab({ version: "0.19.1", watchHoldMs: 20, bridge: true, me: [ownNumber] });
  readonly #settings: HouseSettings;
  #browser: Browser | undefined;
  #port = 0;

  /** @param settings absent: people who are let in, one of them reviewed, and two agents */
  constructor(settings?: HouseSettings) {
    this.#settings = settings ?? this.#usual();
  }

  get base(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The same port after a restart, so that a page finds its gateway again. @param env beside the lab's own */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.#port ||= await freePort();
    const { imessage, rest } = this.#settings;
    const gateway = { console: { enabled: true, port: this.#port } };
    this.lab.configure(imessage, { ...rest, gateway });
    await this.lab.startHere(env);
    await this.lab.until(() => this.lab.log.includes("console: listening on"));
  }

  /** People write: what would like to run in a browser, and what waits for a yes. */
  async settleIn(): Promise<void> {
    const { lab } = this;
    const file = join(lab.folder, `a<img src=x onerror=window.hit=1>.svg`);
    writeFileSync(file, `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit=1"/>`);
    await lab.sim("say", "--from", mia, "--name", `Mia ${script}`, "--text", `hello ${script}`);
    await lab.sim("say", "--from", mia, "--text", "[a](javascript:window.hit=1) **b**", "--attach", file);
    await lab.sim("say", "--from", sam, "--name", "Sam Reyes", "--text", "something to review");
    await lab.until(() => lab.got(mia).length >= 1);
    const held = () => lab.look((store) => store.drafts.list({ states: ["held"], limit: 1 }));
    await lab.until(async () => (await held()).length === 1);
  }

  /** An address that lets one browser in, once. */
  async address(): Promise<string> {
    const { stdout } = await this.lab.run("console", "--json");
    return (JSON.parse(stdout) as { url: string }).url;
  }

  /** The cookie that an address brings. */
  async cookie(): Promise<string> {
    const { headers } = await this.ask("GET", (await this.address()).slice(this.base.length));
    return String(headers["set-cookie"]).split(";", 1)[0]!;
  }

  /** Asks as a program that may set every header. */
  ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Raw> {
    return new Promise((resolve, reject) => {
      const asked = request(`${this.base}${path}`, { method, headers, agent: false }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text }));
      });
      asked.on("error", reject).end(body);
    });
  }

  /** As many rows of the journal more, each as the newest one that somebody wrote. */
  fillJournal(count: number): void {
    const database = openDatabase(join(this.lab.folder, "state/state.db"));
    const columns = database
      .prepare("PRAGMA table_info(journal)")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => name !== "id");
    const values = columns.map((name) => (name === "guid" ? "'more-' || n" : name));
    database.exec(
      `INSERT INTO journal (${columns.join(", ")})
       WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ${count})
       SELECT ${values.join(", ")} FROM more, (SELECT * FROM journal WHERE own = 0 ORDER BY id DESC LIMIT 1)`,
    );
    database.close();
  }

  /** A browser of its own, let in. */
  async page(viewport = { width: 1280, height: 800 }): Promise<Page> {
    const page = await this.stranger(viewport);
    await page.goto(await this.address());
    await page.getByText("Up to date").first().waitFor({ state: "attached" });
    return page;
  }

  /** A browser of its own that nobody let in. */
  async stranger(viewport = { width: 1280, height: 800 }): Promise<Page> {
    this.#browser ??= await startBrowser();
    const context = await this.#browser.newContext({ viewport, permissions: [] });
    return context.newPage();
  }

  #usual(): HouseSettings {
    const acp = { command: process.execPath, args: [acpAgent] };
    return {
      imessage: { allowFrom: [mia, sam, owner], dmPolicy: "pairing", dms: { [sam]: { review: "on" } } },
      rest: {
        commands: { ownerAllowFrom: [owner] },
        agents: { list: [this.lab.agent, { id: "coder", name: "Coder", runtime: { type: "acp", acp } }] },
        bindings: [{ agentId: "coder", match: { peer: { kind: "direct", id: owner } } }],
        session: { dmScope: "per-peer" },
        accessGroups: { family: { members: [mia], turnsPerDay: 500 }, others: { members: [sam] } },
      },
    };
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.lab.close();
  }
}

/** Starts the machine's browser, which there has to be ({@link noBrowser}). */
export function startBrowser(): Promise<Browser> {
  // Its sandbox does not work for root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: program!, args });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
