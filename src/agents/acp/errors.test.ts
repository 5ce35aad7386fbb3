import { RequestError } from "@agentclientprotocol/sdk";
import { expect, it } from "vitest";
import { agentError, crashed, noAnswer } from "./errors.js";
import { knownAgents } from "./registry.js";

const { gemini, claude } = knownAgents;

it("names the login and the key of an agent that is known, else the ways that it names itself", () => {
  const refused = RequestError.authRequired();
  expect(agentError("gemini", refused, ["Google"], gemini).hint).toMatch(
    /npx @google\/gemini-cli.* or give it GEMINI_API_KEY or GOOGLE_API_KEY in its `env`/,
  );
  expect(agentError("mine", refused, ["Google"]).hint).toMatch(/log in \(Google\)/);
});

it("says what a first start downloads, and which Node is needed where this one is too old", () => {
  expect(noAnswer({ name: "gemini", known: gemini! }, "initialize", 1000, "").hint).toMatch(/about 100 MB/);
  expect(noAnswer({ name: "mine" }, "initialize", 1000, "").hint).toMatch(/through npx/);
  const needy = { ...claude!, node: 999 };
  expect(crashed("claude", undefined, "", needy).hint).toMatch(/It needs Node 999 or newer/);
  expect(crashed("mine", undefined, "").hint).not.toMatch(/Node|stderr/);
  expect(crashed("mine", undefined, "why").hint).toMatch(/Its stderr, in the log, says why/);
});
