import type { Refused } from "../state/ask.js";

/** Why something could not be shown or done. */
export function Trouble({ of }: { of: Refused | undefined }) {
  if (!of) return null;
  return (
    <p class="trouble" role="alert">
      {of.message} {of.hint && <span class="quiet">{of.hint}</span>}
    </p>
  );
}
