import { beforeEach, expect, it } from "vitest";
import { type IntakeBench, intakeBenches, until } from "../../test/support/inbound-bench.js";
import { directChat, directMessage } from "../../test/support/message.js";
import { enrolmentPhrase, mostGuesses, mostGuessesPerSender } from "../access/index.js";
import type { MessageRow } from "../conversation/index.js";

const open = intakeBenches();
const handle = "+15550100123";
const wrong = enrolmentPhrase(new Uint8Array([1, 2, 3, 5]));
let bench: IntakeBench;
let id: number;

beforeEach(async () => {
  bench = await open();
  const { now } = bench;
  const phrase = {
    phrase: enrolmentPhrase(new Uint8Array([1, 2, 3, 4])),
    owner: true,
    createdAt: now,
    expiresAt: now + 600_000,
  };
  ({ id } = await bench.store.enrolment.open("default", phrase));
});

/** What somebody guessed by the time that a row was decided. */
async function guessesAfter(change: Partial<MessageRow>) {
  const row = bench.row(directMessage(), { text: wrong, ...change });
  bench.intake.receive(row);
  await until(async () => expect(await bench.fate(row.guid)).toMatch(/^(done|in_turn|decided)/));
  return bench.store.enrolment.guesses(id, handle);
}

it("counts a wrong phrase before its row is decided, for who wrote it", async () => {
  expect(await guessesAfter({})).toEqual({ own: 1, all: 1 });
  expect(await bench.store.enrolment.guesses(id, "+15550100124")).toEqual({ own: 0, all: 1 });
});

it("counts none that could not win: by SMS, whose sender anybody forges", async () => {
  const chat = { ...directChat(handle, "SMS"), id: 9 };
  expect(await guessesAfter({ chat })).toEqual({ own: 0, all: 0 });
});

it("counts none of the account's own, and nothing that is no phrase", async () => {
  expect(await guessesAfter({ fromMe: true })).toEqual({ own: 0, all: 0 });
  expect(await guessesAfter({ text: "who is an actor here?" })).toEqual({ own: 0, all: 0 });
});

it("lets one sender guess on without ending the enrolment for the others", async () => {
  for (let times = 0; times < mostGuesses; times++)
    bench.intake.receive(bench.row(directMessage(), { text: wrong }));
  await guessesAfter({});
  const counted = { own: mostGuessesPerSender, all: mostGuessesPerSender };
  expect(await bench.store.enrolment.guesses(id, handle)).toEqual(counted);
  expect((await bench.store.enrolment.get(id))?.state).toBe("open");
});
