import { kind } from "../kind.js";

/** A gateway's way to the server is cut, or hangs, in the middle of whatever it asks. */
export const wayBreaks = kind({
  name: "way breaks",
  weight: 30,
  draw: (random) => ({
    node: random.below(2),
    how: random.weighted({ cut: 6, hang: 4 }),
    nth: random.between(1, 60),
    isAfter: random.chance(0.5),
    forMs: random.weighted({ moment: 5, while: 4, long: 3 }),
    ms: random.next(),
  }),
  countedAs: ({ how }) => `way breaks: ${how}`,
  play(stage, { node, how, nth, isAfter, forMs, ms }) {
    const [least, most] = { moment: [0, 300], while: [300, 12_000], long: [12_000, 80_000] }[forMs] as [
      number,
      number,
    ];
    stage.parts.cluster?.arm(node, { when: "statement", nth, isAfter }, () =>
      stage.parts.cluster?.breakWay(node, how, Math.round(least + ms * (most - least))),
    );
  },
});
