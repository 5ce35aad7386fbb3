import type { SessionSettings } from "../../store/index.js";
import type { CommandContext } from "../contract.js";

/** Shortest and longest time limit of a turn that can be set, seconds. */
const timeoutRange = { min: 5, max: 86_400 };

/** A setting of the session that an owner may change from the chat. */
interface Setting {
  key: keyof SessionSettings;
  /** @returns the value, or what is wrong with it */
  read(text: string, context: CommandContext): { value: SessionSettings[keyof SessionSettings] } | string;
}

const anyText = (text: string) => ({ value: text });

const settings: Record<string, Setting> = {
  model: { key: "model", read: anyText },
  mode: { key: "sessionMode", read: anyText },
  cwd: {
    key: "cwd",
    read: (text, { gateway }) => {
      const folder = gateway.sessions.folder(text);
      return folder === undefined
        ? `${text} is not a folder where the gateway runs. Give a path that starts with / or ~.`
        : { value: folder };
    },
  },
  permissions: {
    key: "permissions",
    read: (text) =>
      ["ask", "allow", "deny"].includes(text)
        ? { value: text as "ask" }
        : "Permissions are ask, allow (everything, once each) or deny.",
  },
  timeout: {
    key: "timeoutSeconds",
    read: (text) => {
      const seconds = Number(text);
      const { min, max } = timeoutRange;
      return Number.isInteger(seconds) && seconds >= min && seconds <= max
        ? { value: seconds }
        : `A time limit is a number of seconds from ${min} to ${max}.`;
    },
  },
};

export const settingNames = Object.keys(settings);

/** Shows or changes one setting of this conversation's session; `default` takes it back. The agent starts anew with it. */
export async function changeSetting(context: CommandContext, name: string, text: string): Promise<string> {
  const { store, sessionKey, gateway } = context;
  const { key, read } = settings[name]!;
  const own = await store.bindings.settings(sessionKey);
  if (text === "") return `${name}: ${own[key] ?? "as configured"}`;
  const next: SessionSettings = { ...own };
  if (text.toLowerCase() === "default") delete next[key];
  else {
    const value = read(text, context);
    if (typeof value === "string") return value;
    Object.assign(next, { [key]: value.value });
  }
  await store.bindings.setSettings(sessionKey, next);
  const needsStart = key !== "permissions" && key !== "timeoutSeconds";
  if (needsStart) {
    await gateway.cancel(sessionKey);
    await gateway.sessions.restart(sessionKey);
  }
  return `${name}: ${next[key] ?? "as configured"}${needsStart ? ", from the next message on" : ""}.`;
}
