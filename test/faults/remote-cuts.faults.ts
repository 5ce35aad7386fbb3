import { expect, it } from "vitest";
import { conversationOverCuts } from "../support/cuts.js";
import { noSshd } from "../support/sshd.js";
import { Random } from "./harness/random.js";

it.skipIf(noSshd)(
  `loses and doubles nothing over a line that is cut 100 times in mid-stream ${noSshd ?? ""}`,
  async () => {
    const result = await conversationOverCuts(100, new Random(20));
    expect(result).toEqual({ lost: [], doubled: [], unsettled: {}, enough: true });
  },
  1_800_000,
);
