import JSON5 from "json5";
import { expect, it } from "vitest";
import { hideSecrets, showSecrets, strangeSigns } from "./hidden.js";

const variable = (name: string) => `$\{${name}}`;

const source = `// sk-1 stays a comment
{
  models: { providers: { openai: { apiKey: "sk-abcdef\\"gh", other: "\${OPENAI_API_KEY}" }, x: { apiKey: '\${X_KEY}' } } },
  alerts: [{ type: "ntfy", url: "https://ntfy.sh/x", token: 'tk-1234567' }],
  allowFrom: ["+15550100123"], // tk-1234567 again
}
`;

it("puts signs in the place of secrets, and the secrets back", () => {
  const shown = hideSecrets(source);
  expect(shown).not.toContain("sk-abcdef");
  expect(shown).not.toContain("tk-1234567");
  for (const kept of [
    variable("OPENAI_API_KEY"),
    `'${variable("X_KEY")}'`,
    "+15550100123",
    "// sk-1 stays",
    "https://ntfy.sh/x",
  ])
    expect(shown).toContain(kept);
  expect(showSecrets(source, shown)).toBe(source);
  expect(showSecrets(source, shown.replace("+15550100123", "+15550100124"))).toBe(
    source.replace("+15550100123", "+15550100124"),
  );
});

it("leaves what a person wrote in the place of a sign, and signs that stand for nothing", () => {
  const shown = hideSecrets(source);
  const changed = shown.replace(/"⟨secret 1⟩"/, '"sk-new"');
  expect(showSecrets(source, changed)).toContain('apiKey: "sk-new"');
  expect(showSecrets(source, "a ⟨secret 99⟩")).toBe("a ⟨secret 99⟩");
});

it("brings what only looks like a sign back as it was", () => {
  const text = `{ a: { apiKey: "sk-longer-key-123" } } // ⟨secret 1⟩, ⟨secret 7⟩`;
  const shown = hideSecrets(text);
  expect(strangeSigns(text, shown)).toEqual([]);
  expect(showSecrets(text, shown)).toBe(text);
});

it("tells which signs stand for nothing, and where", () => {
  expect(strangeSigns(source, `"⟨secret 1⟩"\n "⟨secret 3⟩" "⟨secret 2⟩" "⟨secret 0⟩"`)).toMatchObject([
    { line: 2, column: 3, message: "⟨secret 3⟩ stands for no secret of the file" },
    { line: 2, column: 29, message: "⟨secret 0⟩ stands for no secret of the file" },
  ]);
});

it("hides what its name tells in a text that is broken", () => {
  const broken = `{ a: { apiKey: "sk-abcdefgh", `;
  expect(hideSecrets(broken)).toBe(`{ a: { apiKey: "⟨secret 1⟩", `);
  expect(hideSecrets(broken, "says sk-abcdefgh there")).toBe("says ⟨secret 1⟩ there");
});

it("leaves a text readable whose secrets are words of other places, and each where it was", () => {
  const text = `{
  enabled: true, // not secret
  models: { providers: { x: { apiKey: "sk-longer-key-123" } } },
  agents: { list: [{ id: "main", model: "small/model-of-1", runtime: { type: "acp", acp: { agent: "gemini", env: {
    TRUST: "true", PW: "secret", MODEL: "model-of-1", "list": "providers", password: 'pass', N: "1",
  } } } }] },
}
`;
  const shown = hideSecrets(text);
  expect(() => JSON5.parse(shown)).not.toThrow();
  expect(shown).toContain("enabled: true, // not secret");
  expect(shown).toContain("providers: {");
  for (const gone of ["sk-longer", '"true"', '"secret"', "model-of-1", '"providers"', "'pass'"])
    expect(shown).not.toContain(gone);
  expect(showSecrets(text, shown)).toBe(text);
  expect(showSecrets(text, shown.replace("main", "other"))).toBe(text.replace("main", "other"));
  // A sign of one secret is never the place of another one.
  expect(shown.match(/⟨[^⟩]*⟨/)).toBeNull();
});

it("hides short ones, too, in what is said of a text", () => {
  expect(hideSecrets(`{ a: { password: "pass" } }`, 'a.password: "pass" is too short')).toBe(
    'a.⟨secret 1⟩word: "⟨secret 1⟩" is too short',
  );
});
