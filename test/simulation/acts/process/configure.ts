import { guests } from "../../cast.js";
import type { Random } from "../../random.js";
import type { Admission } from "../../settings.js";
import { kind } from "../kind.js";

/** The configuration changes: admissions end, and begin again. */
export const configure = kind({
  name: "configure",
  weight: 14,
  draw: (random) => ({ admission: admissionOf(random) }),
  play(stage, { admission }) {
    stage.parts.configure(admission);
  },
});

function admissionOf(random: Random): Admission {
  if (random.chance(0.4)) return { dmPolicy: "allowlist", let: [...guests], group: true };
  const left = guests.filter(() => random.chance(0.7));
  return {
    dmPolicy: random.weighted({ allowlist: 6, pairing: 5, open: 1, disabled: 1 }),
    let: left,
    group: random.chance(0.8),
    reviews: random.chance(0.4),
  };
}
