import JSON5 from "json5";
import { expect } from "vitest";
import { type Dialect, importConfig, type KnownChat } from "../../src/coming-over/index.js";
import { parseConfig } from "../../src/config/index.js";

/** Imports a configuration, and looks that the result is valid once the variables that it names are there. */
export async function importedFrom(
  dialect: Dialect,
  source: string,
  chats: KnownChat[] = [],
  env: Record<string, string> = {},
) {
  const output = await importConfig({ dialect, old: JSON5.parse(source), approved: [], chats, env });
  const later = {
    LOCAL_KEY: "k",
    BIN: "imsg",
    MODEL: "openai/x",
    MAC: "mac",
    REGION: "DE",
    ME: "+15550100",
    FOLDER: "/f",
  };
  const valid = await parseConfig(output.text, { ...later, ...env });
  expect(valid).toMatchObject({ ok: true });
  const of = (key: string) => output.report.find((entry) => entry.key === key);
  return { ...output, of };
}
