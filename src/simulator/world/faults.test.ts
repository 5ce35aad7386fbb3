import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Faults } from "./faults.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "faults-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const count = (faults: Faults, occasions: number) =>
  Array.from({ length: occasions }, () => faults.fires("delay", "send")).filter(
    (fault) => fault !== undefined,
  ).length;

describe("faults", () => {
  it("fires a limited fault so often in the world, whichever process asks", () => {
    const first = new Faults(folder);
    const second = new Faults(folder);
    first.add([{ kind: "delay", times: 3 }]);
    expect([count(first, 2), count(second, 5), count(first, 5)]).toEqual([2, 1, 0]);
    expect(new Faults(folder).fires("delay")).toBeUndefined();
  });

  it("asks for the method, and lets occasions pass first", () => {
    const faults = new Faults(folder);
    faults.add([{ kind: "delay", method: ["send", "say"], after: 2 }]);
    expect(faults.fires("delay", "chats.list")).toBeUndefined();
    expect(count(faults, 3)).toBe(1);
    expect(faults.fires("die", "send")).toBeUndefined();
  });

  it("draws the same chances from the same seed, and goes on with them in another process", () => {
    const draw = (seed: number, split: boolean) => {
      const own = mkdtempSync(join(folder, "seed-"));
      let faults = new Faults(own);
      faults.add([{ kind: "delay", probability: 0.3, seed }]);
      return Array.from({ length: 60 }, (_, i) => {
        if (split && i % 7 === 0) faults = new Faults(own);
        return faults.fires("delay") !== undefined;
      });
    };
    expect(draw(7, false)).toEqual(draw(7, true));
    expect(draw(7, false)).not.toEqual(draw(8, false));
    expect(draw(7, false).filter(Boolean).length).toBeGreaterThan(5);
    expect(draw(7, false).filter(Boolean).length).toBeLessThan(35);
  });

  it("reads a file written by hand again when it changes", () => {
    const faults = new Faults(folder);
    expect(faults.fires("hang")).toBeUndefined();
    writeFileSync(join(folder, "faults.json"), '[{"kind":"hang"}]');
    expect(faults.fires("hang")).toMatchObject({ kind: "hang" });
    writeFileSync(join(folder, "faults.json"), '{"faults": []}');
    expect(faults.fires("hang")).toBeUndefined();
  });

  it("clears by kind, by id, or all", () => {
    const faults = new Faults(folder);
    faults.add([{ kind: "hang" }, { kind: "delay", id: "slow" }, { kind: "die" }]);
    expect([faults.clear("hang"), faults.clear("slow"), faults.clear()]).toEqual([1, 1, 1]);
    expect(faults.list()).toEqual([]);
  });

  it("keeps faults of one process to itself", () => {
    const faults = new Faults(folder, '[{"kind":"delay","times":1}]');
    expect(count(faults, 3)).toBe(1);
    expect(new Faults(folder).fires("delay")).toBeUndefined();
  });

  it("refuses what is no fault", () => {
    expect(() => new Faults(folder).add([{ kind: "explode" as never }])).toThrow(
      /"explode" is not a kind of fault/,
    );
  });
});
