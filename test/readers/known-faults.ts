import type { KnownFault } from "./comparison.js";

const kit = "@photon-ai/imessage-kit";
const eliza = "@elizaos/plugin-imessage";

/** What the readers get wrong by their own fault; a line that is not needed any more has to go. docs/simulator.md has them too. */
export const knownFaults: KnownFault[] = [
  {
    reader: kit,
    fields: ["filesAt"],
    rows: ({ files }) => files.length > 0,
    what: "time of a file",
    why: "takes `attachment.created_date` for nanoseconds; Apple stores seconds there",
  },
  {
    reader: eliza,
    fields: ["tapback"],
    rows: ({ tapback }) => tapback?.emoji !== undefined,
    what: "tapbacks with an emoji of one's own",
    why: "calls type 2006 a sticker, which is 2007",
  },
  {
    reader: eliza,
    fields: ["tapback"],
    rows: ({ tapback }) => tapback?.type === 2007,
    what: "sticker tapbacks",
    why: "calls type 2007 unknown",
  },
  {
    reader: "node-typedstream",
    fields: ["text", "covered", "parts"],
    rows: ({ text }) => Buffer.byteLength(text ?? "") > 32_767,
    what: "texts of more than 32,767 bytes",
    why: "reads two bytes of a length that has four, and fails",
  },
];
