import { expect, it } from "vitest";
import { escaped } from "../../build/plain-characters.js";

const value = (code: string) => Function(`return ${code}`)() as unknown;

it.each([
  '"→ 😀 ü"',
  "`a…\n→`",
  '"\\\\…" + "\\…"',
  "({ größe: 1 }).größe",
  '"x😀y".replace(/[😀-🙏]/u, "-")',
  '"x…y".replace(/\\…/, "-")',
  '["中", "z"].map((one) => /[一-龥]/.test(one))',
  "(/* … */ 1)",
])("says the same in plain characters: %s", (code) => {
  const plain = escaped(code);
  expect(plain).toMatch(/^[\x00-\x7f]*$/);
  expect(value(plain)).toEqual(value(code));
});

it("takes no line that goes on behind a separator", () => {
  expect(() => escaped('"\\\u2028"')).toThrow("line separator");
});
