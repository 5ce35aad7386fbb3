import { imsgFramingContract } from "./imsg-framing.js";
import { imsgReadingContract } from "./imsg-reading.js";
import { imsgSendingContract } from "./imsg-sending.js";
import { underTest } from "./imsg-under-test.js";
import { imsgWatchingContract } from "./imsg-watching.js";

// A real tool reads the simulator's database; on a Mac it also sends when told to, to IMSG_CONTRACT_TO.
const real = process.env.IMSG!;
const make = () => underTest({}, [real]);
imsgFramingContract(real, make);
imsgReadingContract(real, make);
imsgWatchingContract(real, make);
const to = process.env.IMSG_CONTRACT_TO;
if (process.env.IMSG_CONTRACT_SEND === "1" && to) imsgSendingContract(real, make, to);
