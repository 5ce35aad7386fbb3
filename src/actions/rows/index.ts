import { groupRows } from "./groups.js";
import { messageRows } from "./messages.js";
import { namesOf } from "./names.js";
import { plainRows } from "./plain.js";
import { pollRows } from "./polls.js";
import type { ActionRow } from "./row.js";
import { sendingRows } from "./sending.js";

export { optionName, optionsOf } from "./command-options.js";
export { targetForms } from "./conversation-parameters.js";
export { isNothing, namesOf, underFirstNames } from "./names.js";
export type { Parameter, Parameters } from "./parameter.js";
export type { ActionRow, ActionToggle } from "./row.js";

/** The actions of behaviour 11, in the order in which they are listed: one row each, from which all else follows. */
const rows = { ...plainRows, ...messageRows, ...sendingRows, ...groupRows, ...pollRows };

export type ActionName = keyof typeof rows;

export const actionNames = Object.keys(rows) as ActionName[];

/** What is known of an action. */
export function rowOf(name: ActionName): ActionRow {
  return rows[name];
}

/** Every name under which an action takes the path of a file. */
export const pathNames = [
  ...new Set(
    actionNames.flatMap((name) =>
      Object.entries(rowOf(name).parameters)
        .filter(([, { kind }]) => kind === "path" || kind === "paths")
        .flatMap(([parameter, facts]) => namesOf(parameter, facts)),
    ),
  ),
];

/** Finds an action by its name, or by the older name that configurations and agents still use. */
export function actionNamed(name: string): ActionName | undefined {
  return actionNames.find((each) => each === name || rowOf(each).olderName === name);
}
