import { normalizeHandle } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";

/**
 * The handle of somebody else, as a person names them.
 * @throws `HANDLE_INVALID` for nothing, and for `me`: the account's own human
 */
export function handleOfPerson(text: string): string {
  const handle = normalizeHandle(text);
  if (handle !== "" && handle !== "me") return handle;
  throw new TapbackError("HANDLE_INVALID", `"${text}" is not a person's phone number or address`, {
    hint: "Write +15550100123 or sam@example.com. The account's own human writes with `imsg-sim own`.",
  });
}
