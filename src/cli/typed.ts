import { shellWord } from "../platform/index.js";
import type { Context } from "./context.js";

/** @returns a command to be typed, for the same configuration as this one: whoever named a file has to name it again */
export function typed(command: string, { configOption }: Pick<Context, "configOption">): string {
  return configOption === undefined ? command : `${command} --config ${shellWord(configOption)}`;
}
