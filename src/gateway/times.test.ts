import { expect, it } from "vitest";
import { projectFiles } from "../../test/support/project-files.js";
import { gatewayTimes, shortened } from "./times.js";

it("are the product's where no variable says otherwise", () => {
  expect(shortened({ PATH: "/bin" })).toEqual(gatewayTimes);
});

it("are shortened by variables of tests, and the product's own stay as they are", () => {
  const times = shortened({
    TAPBACK_TEST_GRACE_MS: "400",
    TAPBACK_TEST_ORPHAN_MS: "7",
    TAPBACK_TEST_FILES_MS: "300",
  });
  expect(times).toEqual({
    ...gatewayTimes,
    sender: { ...gatewayTimes.sender, graceMs: 400 },
    bridge: { ...gatewayTimes.bridge, patienceMs: 7 },
    filesMs: 300,
  });
  expect(gatewayTimes.sender.graceMs).toBe(2000);
});

it("keep the proportions of the waits for a late join", () => {
  const { lateJoinWaits } = shortened({ TAPBACK_TEST_LATE_JOIN_MS: "307" });
  expect(lateJoinWaits.map(Math.round)).toEqual([2, 5, 10, 20, 40, 80, 150]);
});

it("are the only place that reads the variables", () => {
  const readers = projectFiles([".ts"])
    .filter(
      ({ path, text }) =>
        path.startsWith("src/") && !path.endsWith(".test.ts") && text.includes("TAPBACK_TEST_"),
    )
    .map(({ path }) => path);
  expect(readers).toEqual(["src/gateway/times.ts"]);
});
