import { kind } from "../kind.js";

/** The machine of the gateway and the Macs sleeps. */
export const machineSleeps = kind({
  name: "machine sleeps",
  weight: 1,
  draw: (random) => ({ ms: random.between(30_000, 20 * 60_000) }),
  play(stage, { ms }) {
    const { clock, ledger } = stage.parts;
    ledger.disturb(clock.now(), ms);
    clock.leap(ms);
  },
});
