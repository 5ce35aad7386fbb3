import { err, type Result, TapbackError } from "../platform/index.js";

/** Parameters that are right in form and cannot be done. */
export function refuse(message: string): Result<never, TapbackError> {
  return err(new TapbackError("ACTION_PARAMETERS", message));
}

/** A text of marks alone. */
export function nothingLeft(): Result<never, TapbackError> {
  return refuse("text: nothing of it is left to be read");
}
