import { expect, it } from "vitest";
import { afterSave } from "../../console/src/state/saved.js";

const sent = { text: "apiKey: 'sk-new', token: '⟨secret 1⟩'", version: "before" };
const saved = { text: "apiKey: '⟨secret 1⟩', token: '⟨secret 2⟩'", version: "after" };

it("takes a new version with the signs of that version alone", () => {
  expect(afterSave(sent, saved, sent.text)).toEqual({ typed: saved.text, known: saved });
});

it("keeps the old version for what was typed meanwhile with the old signs", () => {
  const typed = `${sent.text} // more`;
  expect(afterSave(sent, saved, typed)).toEqual({ typed, known: sent });
});

it("lets what was typed meanwhile be saved where no sign became another one", () => {
  const typed = "token: '⟨secret 1⟩' // more";
  const same = { text: "token: '⟨secret 1⟩'", version: "after" };
  expect(afterSave({ ...same, version: "before" }, same, typed)).toEqual({ typed, known: same });
});
