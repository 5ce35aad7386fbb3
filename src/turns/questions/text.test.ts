import { expect, it } from "vitest";
import type { PermissionOption } from "../../agents/index.js";
import type { Question } from "../../store/index.js";
import { orderedChoices } from "./choices.js";
import { questionWords } from "./text.js";

const option = (id: string, kind: PermissionOption["kind"]): PermissionOption => ({ id, name: id, kind });
const offered = [
  option("server", "allow_always"),
  option("never", "reject_always"),
  option("yes", "allow_once"),
  option("no", "reject_once"),
];
const question = { id: "abcd", title: "touch x", options: orderedChoices(offered) } as Question;

it("numbers the choices in their fixed order, and marks the lasting ones", () => {
  expect(questionWords.asked(question, "cwd: /tmp")).toEqual([
    `The agent asks: touch x
cwd: /tmp
1. yes
2. no
3. server (lasting)
4. never (lasting)
Answer with a number, yes or no, or 👍 to allow it once, 👎 to deny it. Or: /approve abcd <number>`,
  ]);
  expect(orderedChoices([option("once", "allow_once"), option("always", "allow_always")])).toEqual([
    option("once", "allow_once"),
    { id: "", name: "No", kind: "reject_once" },
    option("always", "allow_always"),
  ]);
});

it("keeps no at 2 where an agent offers two ways to allow once", () => {
  const two = [
    option("yes", "allow_once"),
    option("yes, and switch", "allow_once"),
    option("no", "reject_once"),
  ];
  expect(orderedChoices(two).map(({ id }) => id)).toEqual(["yes", "no", "yes, and switch"]);
});

it("shows what is long over several messages, whole, and asks for nothing that is too long to be shown", () => {
  const details = Array.from({ length: 900 }, (_, index) => `line ${index}`).join("\n");
  const texts = questionWords.asked(question, details);
  expect(texts.length).toBeGreaterThan(2);
  for (const text of texts) expect(text.length).toBeLessThan(3200);
  const shown = texts.slice(0, -1).map((text) => text.slice(text.indexOf("\n") + 1));
  // White space at a break is left out, and nothing else.
  expect(shown.join("\n").split(/\s+/)).toEqual(details.split(/\s+/));
  expect(texts.at(-1)).toMatch(/It is all above\.\n1\. yes\n2\. no/);
  expect(questionWords.isTooLong("x".repeat(24_001))).toBe(true);
});
