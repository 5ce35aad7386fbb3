import { actionErrors } from "./actions.js";
import { agentErrors } from "./agents.js";
import { apiErrors } from "./api.js";
import { attachmentErrors } from "./attachments.js";
import { commandErrors } from "./commands.js";
import { configurationErrors } from "./configuration.js";
import type { ErrorText, ErrorTexts } from "./error-text.js";
import { fileErrors } from "./files.js";
import { gatewayErrors } from "./gateway.js";
import { imsgErrors } from "./imsg.js";
import { modelErrors } from "./models.js";
import { peopleErrors } from "./people.js";
import { remoteMacErrors } from "./remote-mac.js";
import { sendingErrors } from "./sending.js";
import { simulatorErrors } from "./simulator.js";

export type { ErrorText };
export { actionErrors, fileErrors, imsgErrors, modelErrors, remoteMacErrors, sendingErrors };

/**
 * Every code that an error of Tapback can have. It is no part of the door of `platform/`: programs start without these
 * texts, and who needs them imports this folder's own door.
 */
export const errorTexts = {
  ...commandErrors,
  ...configurationErrors,
  ...peopleErrors,
  ...gatewayErrors,
  ...imsgErrors,
  ...remoteMacErrors,
  ...sendingErrors,
  ...fileErrors,
  ...attachmentErrors,
  ...actionErrors,
  ...agentErrors,
  ...modelErrors,
  ...apiErrors,
  ...simulatorErrors,
};

/** A stable code: scripts, documents and reports of faults name it. */
export type ErrorCode = keyof typeof errorTexts;

/** The codes by the subject that they belong to, in the order in which a reader looks for them. */
export const errorGroups: readonly { title: string; texts: ErrorTexts }[] = [
  { title: "The command line", texts: commandErrors },
  { title: "The configuration", texts: configurationErrors },
  { title: "Letting people in", texts: peopleErrors },
  { title: "The gateway and its state", texts: gatewayErrors },
  { title: "imsg and Messages", texts: imsgErrors },
  { title: "A Mac somewhere else", texts: remoteMacErrors },
  { title: "Messages that go out", texts: sendingErrors },
  { title: "Files that go out", texts: fileErrors },
  { title: "Attachments that come in", texts: attachmentErrors },
  { title: "Actions and tools", texts: actionErrors },
  { title: "Agents", texts: agentErrors },
  { title: "Models", texts: modelErrors },
  { title: "The API", texts: apiErrors },
  { title: "The simulator", texts: simulatorErrors },
];

/** @returns what to do about a code; undefined for one that another version wrote and this one does not know */
export function remedyOf(code: string): string | undefined {
  return Object.hasOwn(errorTexts, code)
    ? (errorTexts as Record<string, ErrorText>)[code]?.remedy
    : undefined;
}
