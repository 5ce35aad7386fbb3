import type { Clock } from "../../platform/index.js";
import type { Fault } from "../world/fault.js";
import type { Faults } from "../world/faults.js";
import { RpcError } from "./errors.js";
import type { Outside } from "./outside.js";

/** Who is asked whether something goes wrong. */
type Asked = Pick<Faults, "fires">;

/** Where a request arrives. */
interface Arrival {
  faults: Asked;
  clock: Clock;
}

/**
 * Faults at a request's arrival.
 * @returns a `die` that waits until the answer is written
 */
export async function troubleBefore(
  { faults, clock }: Arrival,
  method: string,
  outside: Outside,
): Promise<Fault | undefined> {
  const dying = faults.fires("die", method);
  if (dying !== undefined && dying.when !== "after") outside.exit(dying.code ?? 1);
  if (faults.fires("hang", method)) await hang(clock);
  const delay = faults.fires("delay", method);
  if (delay !== undefined) await clock.sleep(delay.ms ?? 1000);
  noise(faults, method, outside);
  const error = faults.fires("error", method);
  if (error !== undefined)
    throw new RpcError(
      error.code ?? -32603,
      String(error.error ?? "Internal error"),
      error.text ?? "simulated error",
    );
  return dying;
}

/**
 * Faults at a request's answer.
 * @param line what would be written
 * @returns whether it is to be written
 */
export function troubleAfter(faults: Asked, method: string, outside: Outside, line: string): boolean {
  if (faults.fires("no-answer", method)) return false;
  const half = faults.fires("half-line", method);
  if (half === undefined) return true;
  outside.writeRaw(line.slice(0, Math.ceil(line.length / 2)));
  outside.exit(half.code ?? 1);
}

/** Lives on without answering, also after stdin is closed: only a signal ends it. */
function hang(clock: Clock): Promise<never> {
  clock.every(3_600_000, () => {});
  return new Promise(() => {});
}

function noise(faults: Asked, method: string, outside: Outside): void {
  const stderr = faults.fires("stderr-noise", method);
  for (let i = 0; i < (stderr === undefined ? 0 : (stderr.lines ?? 1)); i++)
    outside.complain(stderr?.text ?? `CardDAV: Could not fetch group ${i}`);
  const garbage = faults.fires("garbage-line", method);
  for (let i = 0; i < (garbage === undefined ? 0 : (garbage.lines ?? 1)); i++)
    outside.writeRaw(`${garbage?.text ?? "objc[501]: Class is implemented in both, one will be used"}\n`);
  const flood = faults.fires("stdout-flood", method);
  for (let i = 0; i < (flood === undefined ? 0 : (flood.lines ?? 10_000)); i++)
    outside.writeRaw(`{"jsonrpc":"2.0","method":"noise","params":{"n":${i}}}\n`);
}
