import { namesOf } from "./names.js";
import type { Parameter, Parameters } from "./parameter.js";

/** One option of `tapback message …`. */
export interface CommandOption {
  /** As commander takes it: `--message <text>`. */
  flags: string;
  about: string;
  /** May be given several times. */
  isRepeated: boolean;
  /** Understood and not shown: another name of one that is. */
  isHidden: boolean;
}

/** The options of an action (behaviour 17.7): each parameter as `--kebab-case`, under every name that can be written so. */
export function optionsOf(parameters: Parameters): CommandOption[] {
  return Object.entries(parameters).flatMap(([name, parameter]) => {
    const shown = parameter.option ?? name;
    const isRepeated = parameter.kind === "paths" || parameter.kind === "list";
    return [...new Set([shown, ...namesOf(name, parameter)])]
      .filter((each) => /^[a-z]+([A-Z][a-z]*)*$/.test(each))
      .map((each) => ({
        flags: `${optionName(each)}${placeholder(parameter)}`,
        about: isRepeated ? `${parameter.about}; may be given several times` : parameter.about,
        isRepeated,
        isHidden: each !== shown,
      }));
  });
}

/** How the command line writes a parameter's name. */
export function optionName(name: string): string {
  return `--${name}`.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function placeholder({ kind, value }: Parameter): string {
  if (kind === "flag") return "";
  return ` <${value ?? { number: "n", path: "path", text: "text", title: "text" }[kind as string] ?? "value"}>`;
}
