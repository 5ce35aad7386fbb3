import { exitCodes } from "./output.js";

/** The first signal that asks for an end; the second one ends the process at once (behaviour 1.4). */
export function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once("SIGINT", () => process.exit(exitCodes.interrupted));
        process.once("SIGTERM", () => process.exit(exitCodes.interrupted));
        resolve(signal);
      });
    }
  });
}
