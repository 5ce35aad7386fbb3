import { expect, it } from "vitest";
import { automationRemedy, grantRemedy, judgedFile, withCaution } from "./standing.js";

it("takes the app around a program for the one that macOS judges", () => {
  expect(judgedFile(["/Users/x/Applications/Tapback.app/Contents/MacOS/applet"])).toBe(
    "/Users/x/Applications/Tapback.app",
  );
  expect(judgedFile(["/nowhere/bin/node", "gateway"])).toBe("/nowhere/bin/node");
  expect(judgedFile([])).toBeUndefined();
});

it("names the app by its name in the settings, and what restarts the service", () => {
  const standing = { whose: "service", judged: "/Users/x/Applications/Tapback.app" } as const;
  expect(automationRemedy(standing)).toMatch(/below Tapback\..*tapback service restart$/);
  expect(grantRemedy(standing, "Full Disk Access")).toMatch(
    /enter \/Users\/x\/Applications\/Tapback\.app,.*tapback service restart$/,
  );
});

it("sends nobody to restart a service who has none", () => {
  for (const whose of ["gateway", "terminal"] as const) {
    const standing = { whose, judged: undefined };
    for (const remedy of [automationRemedy(standing), grantRemedy(standing, "Full Disk Access")])
      expect(remedy).not.toContain("service restart");
  }
});

it("says of a terminal's verdict alone that the service may be judged otherwise", () => {
  expect(withCaution("fine", { whose: "service", judged: "/x" })).toBe("fine");
  expect(withCaution("fine", { whose: "terminal", judged: "/x" })).toContain(
    "the service may be judged otherwise",
  );
});
