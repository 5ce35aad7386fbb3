import { TapbackError } from "../../platform/index.js";
import type { Macos } from "../chat-db/schema/schema.js";
import { profileOf } from "../profiles/played.js";

/** What is true of a simulated Mac, kept in `world.json` beside `chat.db`. */
export interface Settings {
  /** Which imsg is played; `IMSG_SIM_VERSION` wins. */
  version: string;
  /** Whether the private-API helper runs in Messages. */
  bridge: boolean;
  /** System Integrity Protection; `imsg launch` needs it disabled. */
  sip: "enabled" | "disabled" | "unknown";
  /** The account's own addresses; the first is used for sends. */
  me: string[];
  /** Contacts: handle to name. */
  names: Record<string, string>;
  /** Where Messages writes a text: both columns, `attributedBody` alone (usual since macOS 13), or `text` alone. */
  body: "both" | "attributed" | "text";
  /** Whose `chat.db` it is; decided when the database is made. */
  macos: Macos;
  /** `any` writes chat GUIDs as macOS 26 does, also in the database of an older one (protocol reference 9.3). */
  guidPrefix: "service" | "any";
  /** Writes every request to `requests.jsonl`. */
  record: boolean;
  /** Rows of one poll of a watch; 100 in imsg (protocol reference 3.4). */
  watchBatch: number;
  /** Whether ffmpeg is there, so that imsg makes easier variants of CAF and GIF files. */
  converter: boolean;
  /** Fallback poll of a watch, milliseconds; 5000 in imsg. */
  watchPollMs: number;
  /** How long a watch holds a row back for its link preview, milliseconds; 2000 in imsg (protocol reference 19). */
  watchHoldMs: number;
  /** `basic`: the helper is ready, and macOS has none of what edits, unsends and polls need (26.6, protocol reference 15.2). */
  selectors: "all" | "basic";
  /** Version of the helper in Messages where it is another than imsg's; "" where it is the same. */
  helperVersion: string;
  /** The account has a name and photo to share, and shares it when asked (protocol reference 3.3). */
  namePhoto: boolean;
  /** imsg refuses whatever changes something (protocol reference 23). */
  readOnly: boolean;
  /** The login agent of 0.19.1 launches Messages again with the helper whenever it dies (protocol reference 25). */
  launchAgent: boolean;
  /** Which of two plausible shapes is played where nobody has seen how 0.19 writes something; see `docs/simulator.md`. */
  unseen: "first" | "second";
}

export const defaultSettings: Settings = {
  version: "0.9.0",
  bridge: false,
  sip: "enabled",
  me: ["bot@example.com"],
  names: {},
  body: "both",
  macos: "15",
  guidPrefix: "service",
  record: false,
  watchBatch: 100,
  converter: false,
  watchPollMs: 5000,
  watchHoldMs: 2000,
  selectors: "all",
  helperVersion: "",
  namePhoto: false,
  readOnly: false,
  launchAgent: false,
  unseen: "first",
};

const isFlag = (value: unknown) => typeof value === "boolean";
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const oneOf =
  (...choices: string[]) =>
  (value: unknown) =>
    choices.includes(value as string);

const fits: Record<keyof Settings, (value: unknown) => boolean> = {
  version: (value) => typeof value === "string" && profileOf(value) !== undefined,
  bridge: isFlag,
  sip: oneOf("enabled", "disabled", "unknown"),
  me: (value) => Array.isArray(value) && value.every((item) => typeof item === "string" && item !== ""),
  names: (value) => typeof value === "object" && value !== null,
  body: oneOf("both", "attributed", "text"),
  macos: oneOf("15", "26"),
  guidPrefix: oneOf("service", "any"),
  record: isFlag,
  watchBatch: isCount,
  converter: isFlag,
  watchPollMs: isCount,
  watchHoldMs: isCount,
  selectors: oneOf("all", "basic"),
  helperVersion: (value) => typeof value === "string",
  namePhoto: isFlag,
  readOnly: isFlag,
  launchAgent: isFlag,
  unseen: oneOf("first", "second"),
};

/** @throws `SETTING_INVALID` for what is no setting or no value of one */
export function checkSettings(settings: Partial<Settings>): void {
  for (const [name, value] of Object.entries(settings)) {
    const known = Object.hasOwn(fits, name) ? fits[name as keyof Settings] : undefined;
    if (known?.(value)) continue;
    throw new TapbackError(
      "SETTING_INVALID",
      known === undefined
        ? `${name} is no setting of a world`
        : `${JSON.stringify(value)} is no value of ${name}`,
      { hint: "See `imsg-sim world set --help`." },
    );
  }
}

/** @returns whether version `have` is `wanted` or later; both as `1.2.3` */
export function isAtLeast(have: string, wanted: string): boolean {
  const left = have.split(".").map(Number);
  const right = wanted.split(".").map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
