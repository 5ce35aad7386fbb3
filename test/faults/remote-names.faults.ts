import { expect, it } from "vitest";
import { hostileCopies } from "../support/hostile-copies.js";
import { hostileNames } from "../support/hostile-names.js";
import { noSshd } from "../support/sshd.js";

it.skipIf(noSshd)(
  `takes each of ${hostileNames.length} hostile names for a name ${noSshd ?? ""}`,
  async () => {
    expect(await hostileCopies(hostileNames)).toEqual([]);
  },
);
