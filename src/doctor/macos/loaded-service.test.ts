import { expect, it } from "vitest";
import { loadedService } from "./loaded-service.js";

/** What is read of these answers of launchctl. */
const read = (print: string, disabled = "", exitCode = 0) =>
  loadedService(
    async (_program, [verb]) => ({
      state: "ended",
      exitCode: verb === "print" ? exitCode : 0,
      stdout: verb === "print" ? print : disabled,
      stderr: "",
    }),
    "gui/501/com.tapback.gateway",
  );

it("reads what launchd started it as", async () => {
  const print =
    "x = {\n\tprogram = /bin/node\n\targuments = {\n\t\t/bin/node\n\t\tgateway\n\t}\n\tlast exit code = (never exited)\n\tpid = 812\n}";
  expect(await read(print)).toEqual({
    known: true,
    disabled: false,
    lastEnd: undefined,
    pid: 812,
    command: ["/bin/node", "gateway"],
  });
});

it.each([
  ["\tlast exit code = 0\n", undefined],
  ["\tlast exit code = 1\n", "exit code 1"],
  ["\tlast exit code = 78: EX_CONFIG\n", "exit code 78: EX_CONFIG"],
  ["\tlast terminating signal = Killed: 9\n", "Killed: 9"],
  ["\tlast terminating signal = Terminated: 15\n", undefined],
])("tells of %j how it ended", async (print, lastEnd) => {
  expect(await read(print)).toMatchObject({ lastEnd });
});

it.each([
  ['"com.tapback.gateway" => disabled', true],
  ['"com.tapback.gateway" => true', true],
  ['"com.tapback.gateway" => enabled', false],
  ['"com.tapback.gateway" => false', false],
  ['"com.tapback.gateway.other" => disabled', false],
])("reads of %s whether it is disabled", async (line, disabled) => {
  expect(await read("", `\tdisabled services = {\n\t\t${line}\n\t}`)).toMatchObject({ disabled });
});

it("knows a service that launchd does not know", async () => {
  expect(await read("", "", 113)).toMatchObject({ known: false, command: [] });
});
