import { systemClock } from "../platform/index.js";
import type { CallDeps } from "../service/index.js";
import type { Context } from "./context.js";
import { printLine, styled } from "./output.js";

/** What commands of the service manager need beside it; what is waited for is told to a person. */
export function callDeps({ env, json }: Context): CallDeps {
  return {
    env,
    clock: systemClock,
    onProgress: (text) => {
      if (!json) printLine(styled("dim", text));
    },
  };
}
