import { expect, it } from "vitest";
import { importedFrom as run } from "../../test/support/imported-from.js";
import { compare } from "./compare.js";
import type { Outcome, Rules } from "./probe.js";
import { traitsOf } from "./there/traits.js";

const named = {
  old: {},
  config: {},
  traits: traitsOf("openclaw", { block: {}, path: [], kind: "imessage" }),
  approved: [],
  chats: [],
};
const alike = (outcome: Outcome, accounts = ["home"]): Rules => ({ accounts, ask: () => outcome });
const by = (agent: string): Outcome => ({ kind: "answered", agent });
const code: Outcome = { kind: "code" };
const refused: Outcome = { kind: "refused" };

it.each<[Outcome, Outcome, string | undefined]>([
  [refused, refused, undefined],
  [refused, code, "opened"],
  [refused, by("a"), "opened"],
  [code, refused, "closed"],
  [code, code, undefined],
  [code, by("a"), "opened"],
  [by("a"), refused, "closed"],
  [by("a"), code, "closed"],
  [by("a"), by("b"), "moved"],
  [by("a"), by("a"), undefined],
  [by("The A"), by("the-a"), undefined],
])("tells %j and then %j as %s", (then, now, kind) => {
  const changes = compare(alike(then), alike(now), named);
  expect(new Set(changes.map((change) => change.kind))).toEqual(new Set(kind === undefined ? [] : [kind]));
  for (const change of changes) expect(change).toMatchObject({ before: then, after: now });
});

it("asks about the accounts of both", () => {
  const changes = compare(alike(by("a"), ["home"]), alike(refused, ["work"]), named);
  expect(new Set(changes.map(({ question }) => question.account))).toEqual(new Set(["home", "work"]));
});

it("names those of a second block whom no account serves, and what the best of them does for the others", async () => {
  const second = `imessage: { dmPolicy: "pairing", allowFrom: ["+15550100125"], groupPolicy: "disabled" }`;
  const lostWith = async (block: string) => {
    const { access } = await run("clawdbot", `{ channels: { imessage: ${block} }, ${second} }`);
    return access.lost.filter((line) => line.startsWith("imessage default:"));
  };
  const kim = "imessage default: +15550100125 in direct chats";
  const offer = "imessage default: whoever asks is offered a pairing code";
  expect(await lostWith("{ enabled: false }")).toEqual([kim, offer]);
  // Whichever account it is that offers a code, whoever asks has one.
  for (const accounts of ['a: { dmPolicy: "disabled" }, b: {}', 'a: {}, b: { dmPolicy: "disabled" }'])
    expect(await lostWith(`{ groupPolicy: "disabled", accounts: { ${accounts} } }`)).toEqual([kim]);
  const served = 'a: {}, b: { allowFrom: ["+15550100125"] }';
  expect(await lostWith(`{ groupPolicy: "disabled", accounts: { ${served} } }`)).toEqual([]);
});
