import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acpAgent } from "../../support/acp-agent.js";
import { AcpHouse, guest, owner } from "../../support/acp-house.js";
import { casesOf } from "../../support/cases.js";
import { type FakeModels, startFakeModels } from "../../support/fake-models.js";

const acting = join(import.meta.dirname, "../../fixtures/acting-agent.mjs");
const question = { question: "Which?", options: ["A", "B"] };

let models: FakeModels;
/** What the model asks for in answer to a message of a person. */
let wish: { name: string; input: unknown } | undefined;
let service: Server;
beforeAll(async () => {
  models = await startFakeModels();
  models.answer = ({ raw }) => {
    const call = wish;
    wish = undefined;
    return call ? { tools: [call] } : { text: `told ${/\\"choice\\":\\"(\w)/.exec(raw)?.[1]}` };
  };
  service = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const { text, results } = JSON.parse(body) as {
        text: string;
        results?: { value: { choice: string } }[];
      };
      const events = results
        ? { type: "text", text: `told ${results[0]?.value.choice}` }
        : [{ type: "action", id: 1, ...JSON.parse(text) }, { type: "continue" }];
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(events));
    });
  });
  await new Promise<void>((listening) => service.listen(0, "127.0.0.1", listening));
});
afterAll(async () => {
  await models.close();
  service.closeAllConnections();
  service.close();
});

/** How the guest gets the agent of a runtime to ask, and how its choice shows in what the agent says. */
const runtimes: Record<
  string,
  { runtime: () => object; says: () => string; shows: (text: string) => boolean }
> = {
  acp: {
    runtime: () => ({ type: "acp", acp: { command: process.execPath, args: [acpAgent] } }),
    says: () => `mcp ask ${JSON.stringify(question)}`,
    shows: (text) => text.includes('"choice":"B"'),
  },
  command: {
    runtime: () => ({ type: "command", command: process.execPath, args: [acting], output: "jsonl" }),
    says: () => JSON.stringify({ action: "ask", ...question }),
    shows: (text) => Buffer.from(text, "hex").toString("utf8").includes('"choice":"B"'),
  },
  http: {
    runtime: () => ({ type: "http", url: `http://127.0.0.1:${(service.address() as AddressInfo).port}/` }),
    says: () => JSON.stringify({ action: "ask", ...question }),
    shows: (text) => text === "told B",
  },
  llm: {
    runtime: () => ({ type: "llm", model: "fake/m" }),
    says: () => {
      wish = { name: "ask", input: question };
      return "ask me";
    },
    shows: (text) => text === "told B",
  },
};

describe.each(casesOf(Object.entries(runtimes), 2))(
  "an agent of runtime %s",
  (_, { runtime, says, shows }) => {
    it("asks the person who wrote, and goes on with the choice", { timeout: 120_000 }, async () => {
      const house = new AcpHouse();
      try {
        await house.configure({
          more: {
            agents: { list: [{ id: "main", runtime: runtime() }] },
            models: {
              providers: { fake: { api: "openai-completions", baseUrl: models.baseUrl, apiKey: "k-1" } },
            },
          },
        });
        await house.house.startHere();
        expect(await house.ask(says(), guest)).toMatch(/^Which\?\n1\. A\n2\. B\n/);
        expect(shows(await house.ask("2", guest))).toBe(true);
        await house.house.settled();
        expect(house.house.textsTo(guest)).toHaveLength(2);
      } finally {
        await house.close();
      }
    });
  },
);

describe("beside a permission request", { timeout: 120_000 }, () => {
  it("a number gets the list back, and a reply answers the one that it names", async () => {
    const acp = new AcpHouse();
    try {
      await acp.configure({ default: "fixture" });
      await acp.house.startHere();
      await acp.ask("permission");
      acp.house.mac.say(guest, `mcp ask ${JSON.stringify({ ...question, who: "owner" })}`);
      const wanted = await acp.sees(`For ${guest}. Which?`);
      for (const word of ["2", "Yes."])
        expect(await acp.ask(word)).toMatch(/^2 questions are open, so say which/);
      acp.house.mac.say(owner, "2", wanted.guid);
      await acp.sees("B: noted.");
      await acp.sees('"choice":"B"', guest);
      // The other one is open alone now.
      acp.house.mac.say(owner, "no");
      await acp.sees("Deny: noted.");
      await acp.house.settled();
    } finally {
      await acp.close();
    }
  });

  it("goes as a poll where the build has polls, and its vote allows", async () => {
    const acp = new AcpHouse({ version: "0.19.1", bridge: true, sip: "disabled" });
    try {
      await acp.configure({ default: "fixture" });
      await acp.house.startHere();
      const { mac } = acp.house;
      mac.say(owner, "permission");
      const poll = () => mac.transcript(owner).find((row) => row.poll !== undefined);
      await expect.poll(poll, { timeout: 30_000 }).toMatchObject({
        poll: {
          question: "The agent asks: Run\\u{0} `rm -rf \\u{1b}[1mbuild\\u{1b}[0m`",
          options: ["Allow", "Deny"],
        },
      });
      mac.vote(owner, poll()!.guid, "Deny");
      mac.vote(owner, poll()!.guid, "Allow");
      await acp.sees('{"outcome":"selected","optionId":"yes"}');
      await acp.sees("Allow: noted.");
      await acp.house.settled();
    } finally {
      await acp.close();
    }
  });
});
