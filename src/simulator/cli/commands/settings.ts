import { TapbackError } from "../../../platform/index.js";
import { playedVersions } from "../../profiles/played.js";
import { checkSettings, defaultSettings, type Settings } from "../../world/settings.js";
import type { Command, Context } from "../command.js";

const show: Command = {
  kind: "world",
  summary: "Show the world's settings",
  options: [],
  examples: ["imsg-sim world show --json"],
  run: ({ place, print }) => {
    const settings = { folder: place.folder, db: place.dbPath, ...place.settings() };
    print(
      settings,
      Object.entries(settings)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join("\n"),
    );
  },
};

const keys = Object.keys(defaultSettings).filter(
  (key) => key !== "names" && key !== "me",
) as (keyof Settings)[];

const set: Command = {
  kind: "world",
  summary: "Change a setting of the world",
  options: keys.map((key) => ({ name: key, value: "value", help: helpOf(key) })),
  words: ([key, value, ...rest]) =>
    key === undefined || key.startsWith("-") || value === undefined
      ? [key, value, ...rest].filter((arg) => arg !== undefined)
      : [`--${key}`, value, ...rest],
  examples: [
    "imsg-sim world set sip disabled",
    "imsg-sim world set --version 0.14.0 --bridge on",
    "imsg-sim world set --record on",
  ],
  run: (context) => {
    const { given, place } = context;
    const changes = keys
      .filter((key) => given.has(key))
      .map((key) => [key, settingOf(key, given.text(key)!)] as const);
    checkSettings(Object.fromEntries(changes));
    place.change((settings) => {
      const next = { ...settings, ...Object.fromEntries(changes) };
      // The helper runs only without SIP.
      return changes.some(([key, value]) => key === "bridge" && value === true)
        ? { ...next, sip: "disabled" }
        : next;
    });
    return show.run(context as Context);
  },
};

function settingOf(key: keyof Settings, text: string): unknown {
  const before = defaultSettings[key];
  const choices: Partial<Record<keyof Settings, string[]>> = {
    sip: ["enabled", "disabled", "unknown"],
    body: ["both", "attributed", "text"],
    macos: ["15", "26"],
    guidPrefix: ["service", "any"],
    selectors: ["all", "basic"],
    unseen: ["first", "second"],
  };
  const on = ["on", "true", "yes"].includes(text);
  const valid =
    typeof before === "boolean"
      ? on || ["off", "false", "no"].includes(text)
      : typeof before === "number"
        ? /^\d+$/.test(text)
        : (choices[key]?.includes(text) ?? true);
  if (!valid)
    throw new TapbackError("SETTING_INVALID", `"${text}" is no value of ${key}`, {
      hint: `${key}: ${helpOf(key)}.`,
    });
  return typeof before === "boolean" ? on : typeof before === "number" ? Number(text) : text;
}

function helpOf(key: keyof Settings): string {
  const help: Partial<Record<keyof Settings, string>> = {
    version: `Version of imsg that is played: ${playedVersions.join(", ")}`,
    bridge: "on or off: the private-API helper",
    sip: "enabled, disabled or unknown",
    body: "both, attributed or text: where texts are written",
    macos: "15 or 26: whose database is made; before the world's first use",
    guidPrefix: "service or any: prefix of new chats' GUIDs",
    record: "on or off: keep every request in requests.jsonl",
    converter: "on or off: ffmpeg is there, and imsg makes easier variants of CAF and GIF files",
    watchBatch: "rows of one poll",
    watchPollMs: "fallback poll, milliseconds",
    watchHoldMs: "how long a watch holds a row back for its link preview, milliseconds",
    selectors: "all or basic: macOS 26.6 lacks what edits, unsends and polls need",
    helperVersion: "version of the helper in Messages, where it is not that of imsg",
    namePhoto: "on or off: the account has a name and photo that it can share",
    readOnly: "on or off: imsg refuses whatever changes something",
    launchAgent: "on or off: Messages is launched again with the helper when it dies",
    unseen: "first or second: what is guessed of 0.19",
  };
  return help[key] ?? "";
}

export const settingsCommands: Record<string, Command> = { "world show": show, "world set": set };
