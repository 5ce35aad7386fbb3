import { TapbackError } from "../../platform/index.js";
import { type Fault, faultKinds } from "./fault.js";

const isText = (value: unknown) => typeof value === "string";
const isFlag = (value: unknown) => typeof value === "boolean";
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;

/** What each field takes, and how a person is told. */
const fields: Record<Exclude<keyof Fault, "kind">, [fits: (value: unknown) => boolean, wanted: string]> = {
  method: [
    (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
    "a name or a list of names",
  ],
  times: [isCount, "a whole number from 0 up"],
  after: [isCount, "a whole number from 0 up"],
  probability: [(value) => typeof value === "number" && value >= 0 && value <= 1, "a number from 0 to 1"],
  seed: [Number.isFinite, "a number"],
  ms: [(value) => Number.isFinite(value) && (value as number) >= 0, "a number of milliseconds from 0 up"],
  code: [Number.isSafeInteger, "a whole number"],
  when: [(value) => value === "before" || value === "after", "before or after"],
  error: [(value) => isText(value) || Number.isFinite(value), "a number or a text"],
  text: [isText, "a text"],
  lines: [isCount, "a whole number from 0 up"],
  by: [(value) => value === "chat" || value === "person", "chat or person"],
  stored: [isFlag, "true or false"],
  inFlight: [isFlag, "true or false"],
  id: [isText, "a text"],
};

/**
 * Reads faults as somebody wrote them: one, a list, or `{"faults":[…]}`.
 * @throws `FAULT_INVALID` for an unknown kind, an unknown field, or a value that does not fit
 */
export function checkFaults(value: unknown): Fault[] {
  const list = Array.isArray(value) ? value : ((value as { faults?: unknown } | null)?.faults ?? [value]);
  if (!Array.isArray(list)) throw invalid("faults is not a list");
  for (const fault of list as unknown[]) check(fault);
  return list as Fault[];
}

function check(fault: unknown): void {
  const { kind, ...rest } = (fault ?? {}) as Partial<Fault>;
  if (!faultKinds.includes(kind as never))
    throw invalid(`"${kind}" is not a kind of fault`, `Use one of: ${faultKinds.join(", ")}.`);
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue;
    const known = Object.hasOwn(fields, name) ? fields[name as keyof typeof fields] : undefined;
    if (known === undefined) throw invalid(`${name} is no field of a fault`);
    const [fits, wanted] = known;
    if (!fits(value))
      throw invalid(
        `${name} of ${kind} is not ${wanted}: ${typeof value === "number" ? value : JSON.stringify(value)}`,
      );
  }
}

function invalid(
  message: string,
  hint = `A fault has kind, ${Object.keys(fields).join(", ")}.`,
): TapbackError {
  return new TapbackError("FAULT_INVALID", message, { hint });
}
