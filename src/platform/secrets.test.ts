import { describe, expect, it } from "vitest";
import { maskSecrets, secretsIn } from "./secrets.js";

describe("secrets in a text", () => {
  it.each([
    ["401 for sk-ant-api03-abcdefgh_12", "401 for …"],
    ["Incorrect API key provided: sk-proj-abcdefgh12345.", "Incorrect API key provided: …."],
    ["OPENAI_API_KEY=abc is refused", "OPENAI_API_KEY=… is refused"],
    ['{"apiKey": "abc"}', '{"apiKey=…'],
    ["Authorization: Bearer abc.def", "Authorization=…"],
    ["sent bearer abcdefgh.ijk", "sent bearer …"],
    ["ghp_0123456789abcdef and AKIAABCDEFGHIJKLMNOP", "… and …"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "…"],
    ["postgres://kim:hunter2@db/x", "postgres://…@db/x"],
    ["max_tokens is 5, the key is lost", "max_tokens is 5, the key is lost"],
    ["https://example.com/a@b", "https://example.com/a@b"],
  ])("%j becomes %j", (text, safe) => {
    expect(maskSecrets(text)).toBe(safe);
  });

  it("are masked where they are known, the longer one whole", () => {
    const known = secretsIn({ A_TOKEN: "correct-horse", B_TOKEN: "correct-horse-battery" });
    expect(maskSecrets("is correct-horse-battery or correct-horse right?", known)).toBe("is … or … right?");
  });

  it("takes time that grows with the length of the text alone", () => {
    for (const unit of ["a", "token ", "://", "sk-", "eyJ.", "bearer ", "-"])
      expect(maskSecrets(unit.repeat(200_000)).length).toBeGreaterThan(0);
  });
});

describe("secrets of an environment and a configuration", () => {
  it("are found by their names", () => {
    const env = {
      OPENAI_API_KEY: "from-the-env",
      PATH: "/usr/bin:/bin",
      NODE_ENV: "production",
      PIN_TOKEN: "1234",
    };
    const config = {
      models: { providers: { a: { apiKey: "of-a-provider", baseUrl: "https://example.com" } } },
      agents: {
        list: [
          {
            id: "main",
            runtime: {
              headers: { authorization: "Bearer of-a-header" },
              args: ["--token", "of-an-argument", "plainly"],
            },
          },
        ],
      },
    };
    expect(secretsIn(env, config).sort()).toEqual([
      "Bearer of-a-header",
      "from-the-env",
      "of-a-header",
      "of-a-provider",
      "of-an-argument",
    ]);
  });
});
