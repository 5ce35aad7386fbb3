import { kind } from "../kind.js";

/** A message is stored once more, under another number and GUID. */
export const reinsert = kind({
  name: "reinsert",
  weight: 8,
  draw: (random) => ({ back: random.below(8) }),
  play(stage, { back }) {
    const said = stage.earlier(back);
    if (said === undefined || said.touched) return;
    stage.parts.ledger.byGuid.set(stage.macOf(said).reinsert(said.guid).guid, said);
    said.touched = true;
  },
});
