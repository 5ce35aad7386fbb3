import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { KeptLog } from "./kept-log.js";

function kept(level: () => "info" | "warn" | "trace" | undefined) {
  const written: string[] = [];
  const at = (name: string) => (message: string) => void written.push(`${name} ${message}`);
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  return { written, log: new KeptLog(log, new FakeClock(7), level) };
}

it("keeps what the log has, on one line each, with the same fields left out", () => {
  const { written, log } = kept(() => "info");
  log.debug("looked");
  log.info("said\nthis", { chat: 7, text: "what Mia wrote", token: "t0ken", why: "no answer" });
  expect(written).toEqual(["debug looked", "info said\nthis"]);
  expect(log.newest(9)).toEqual([
    {
      id: 1,
      at: 7,
      level: "info",
      text: 'said this chat=7 text=[redacted] token=[redacted] why="no answer"',
    },
  ]);
});

it("keeps five hundred lines, each of them bounded, and tells of every one", () => {
  const { log } = kept(() => "trace");
  let told = 0;
  const stop = log.watch(() => told++);
  for (let line = 1; line <= 700; line++) log.debug(`${line} ${"x".repeat(5000)}`);
  stop();
  log.error("last");
  expect(told).toBe(700);
  expect(log.newest(9999)).toHaveLength(500);
  expect(log.newest(2).map(({ id, text }) => [id, text.length])).toEqual([
    [700, 2000],
    [701, 4],
  ]);
});

it("keeps nothing while nobody may look, and nothing of before", () => {
  let level: "warn" | undefined = "warn";
  const { written, log } = kept(() => level);
  log.info("not kept");
  log.warn("kept");
  expect(log.newest(9)).toHaveLength(1);
  level = undefined;
  log.error("off");
  expect(log.newest(9)).toEqual([]);
  expect(written).toHaveLength(3);
});
