import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { TapbackError } from "../../platform/index.js";
import { profileOf } from "../profiles/played.js";
import type { Profile } from "../profiles/profile.js";
import { Faults } from "./faults.js";
import { type Host, systemHost } from "./host.js";
import { JsonFile } from "./json-file.js";
import { Log } from "./log.js";
import { checkSettings, defaultSettings, isAtLeast, type Settings } from "./settings.js";

/** What a process is told about where its world lies. */
export interface PlaceOptions {
  /** `--db`: the database; the world's other files lie beside it. */
  db?: string;
  /** The world's folder, when no `db` is given; else `IMSG_SIM_HOME`, else `~/.imsg-sim`. */
  home?: string;
  env?: Record<string, string | undefined>;
  /** Default: the machine. */
  host?: Host;
}

/** The folder of a world: everything but the open database. Works also while the database cannot be read. */
export interface Place {
  readonly folder: string;
  readonly dbPath: string;
  readonly host: Host;
  readonly faults: Faults;
  /** Typing bubbles, read marks, launches: `events.jsonl`. */
  readonly events: Log;
  /** Requests as they came in, when `record` is set: `requests.jsonl`. */
  readonly requests: Log;
  /** The settings as the file has them; read anew each time, for another process may change them. */
  settings(): Settings;
  /** What the played imsg has. @throws `SETTING_INVALID` for a version that is not played */
  profile(): Profile;
  /** @returns whether the played imsg is this version or later */
  since(version: string): boolean;
  /**
   * Changes the settings, alone among processes.
   * @returns what they are then
   * @throws `SETTING_INVALID` for another macOS than that of a database that is there already
   */
  change(edit: (settings: Settings) => Settings): Settings;
}

/** Finds the world's folder and makes it, unless `--db` names a file in a folder that does not exist. */
export function openPlace(options: PlaceOptions = {}): Place {
  const env = options.env ?? process.env;
  const home = expandHome(options.home ?? env.IMSG_SIM_HOME ?? "~/.imsg-sim");
  const dbPath = options.db === undefined ? join(home, "chat.db") : expandHome(options.db);
  const folder = dirname(dbPath);
  if (options.db === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (env.IMSG_SIM_VERSION) checkSettings({ version: env.IMSG_SIM_VERSION });
  const host = options.host ?? systemHost;
  const file = new JsonFile<Partial<Settings>>(join(folder, "world.json"), {}, host);
  let seen: Partial<Settings> | undefined;
  let current = defaultSettings;
  let since = sinceOf(current.version);
  const settings = () => {
    const read = file.read();
    if (read !== seen) {
      seen = read;
      current = { ...defaultSettings, ...read };
      if (env.IMSG_SIM_VERSION) current.version = env.IMSG_SIM_VERSION;
      since = sinceOf(current.version);
    }
    return current;
  };
  return {
    folder,
    dbPath,
    host,
    faults: new Faults(folder, env.IMSG_SIM_FAULTS, host),
    events: new Log(join(folder, "events.jsonl")),
    requests: new Log(join(folder, "requests.jsonl")),
    settings,
    profile: () => profileOf(settings().version),
    since: (version) => {
      settings();
      return since(version);
    },
    change: (edit) => {
      file.change((stored) => {
        const before = { ...defaultSettings, ...stored };
        const next = edit(before);
        if (next.macos !== before.macos && existsSync(dbPath)) throw madeAlready(before.macos);
        return next;
      });
      return settings();
    },
  };
}

/** The place as an imsg has it that runs: it stays the one that was started, whatever is installed meanwhile. */
export function keepVersion(place: Place): Place {
  const { version } = place.settings();
  let seen: Settings | undefined;
  let current: Settings;
  const settings = () => {
    const now = place.settings();
    if (now !== seen) current = now.version === version ? now : { ...now, version };
    seen = now;
    return current;
  };
  return {
    ...place,
    settings,
    profile: () => profileOf(version),
    since: sinceOf(version),
    change: (edit) => {
      place.change(edit);
      return settings();
    },
  };
}

/** Whether a version is another one or later; each answer is found once, for rows ask by the thousand. */
function sinceOf(have: string): (version: string) => boolean {
  const answers = new Map<string, boolean>();
  return (version) => {
    let answer = answers.get(version);
    if (answer === undefined) {
      answer = isAtLeast(have, version);
      answers.set(version, answer);
    }
    return answer;
  };
}

function madeAlready(macos: string): TapbackError {
  return new TapbackError(
    "SETTING_INVALID",
    `The world's database is there already, that of macOS ${macos}`,
    {
      hint: "Begin in a folder of its own: `IMSG_SIM_HOME=… imsg-sim world set macos 26`, before anything else.",
    },
  );
}

/** `~/x` of the person who runs the simulator, absolute. */
export function expandHome(path: string): string {
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(path);
}
