import { guests, owner, strangers } from "../../cast.js";
import { kind } from "../kind.js";

/** Somebody settles a request for pairing: an owner, who lets in or denies, or somebody who must not be able to. */
export const pairing = kind({
  name: "settle pairing",
  weight: 12,
  draw: (random) => ({
    who: random.chance(0.8) ? owner : random.pick([...guests, ...strangers]),
    verb: random.chance(0.8) ? "approve" : "deny",
    mac: random.chance(0.3) ? 1 : 0,
    /** Now and then a code that nobody was given. */
    code: random.chance(0.1) ? "ABCDEFGH" : "",
  }),
  play(stage, { who, verb, mac, code }) {
    const { ledger, clock } = stage.parts;
    const { index } = stage.mac(mac);
    const offered = ledger.codes.findLast((each) => each.mac === index);
    const word = code || offered?.code;
    if (word === undefined) return;
    stage.say(who, `/pairing ${verb} ${word}`, "command", { mac });
    if (who === owner && verb === "approve" && offered && word === offered.code)
      ledger.approvals.push({ mac: index, handle: offered.handle, at: clock.now() });
  },
});
