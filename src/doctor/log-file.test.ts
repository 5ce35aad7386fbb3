import { expect, it } from "vitest";
import { checkLogFile } from "./log-file.js";

/** Nobody may write there, not even root. */
const closed = "/proc/sys";

it.skipIf(process.platform !== "linux").each([
  [
    `${closed}/tapback.log`,
    `Make it, and make it yours: sudo touch "${closed}/tapback.log" && sudo chown "$(id -un)" "${closed}/tapback.log"`,
  ],
  [`${closed}/kernel/osrelease`, `Make it yours: sudo chown "$(id -un)" "${closed}/kernel/osrelease"`],
])("says how %s can be written", (path, remedy) => {
  expect(checkLogFile({ path, isService: false })).toMatchObject({ level: "fail", remedy });
});
