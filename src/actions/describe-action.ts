import type { OfferedAction } from "../agents/index.js";
import { type ActionName, type Parameter, rowOf } from "./rows/index.js";

const types: Record<Parameter["kind"], OfferedAction["parameters"][number]["type"]> = {
  text: "string",
  title: "string",
  word: "string",
  raw: "string",
  path: "string",
  flag: "boolean",
  number: "integer",
  paths: "strings",
  list: "strings",
};

/** What a model is told of an action: each parameter by its first name. */
export function describeAction(name: ActionName): OfferedAction {
  const { looks, parameters: all } = rowOf(name);
  const parameters = Object.entries(all).map(([parameter, { kind, about, required }]) => ({
    name: parameter,
    type: types[kind],
    about,
    isRequired: required === true,
  }));
  return { name, ...(looks && { looks }), parameters };
}
