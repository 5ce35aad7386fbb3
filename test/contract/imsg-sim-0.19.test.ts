import { imsgReadingContract } from "./imsg-reading.js";
import { imsgSendingContract } from "./imsg-sending.js";
import { imsgShapesContract } from "./imsg-shapes.js";
import { underTest } from "./imsg-under-test.js";
import { imsgWatchingContract } from "./imsg-watching.js";

// Rows are held back for 2 s in earnest.
const make = () => underTest({ version: "0.19.1", watchHoldMs: 50 });
imsgReadingContract("imsg-sim 0.19.1", make);
imsgShapesContract("imsg-sim 0.19.1", make);
imsgWatchingContract("imsg-sim 0.19.1", make);
imsgSendingContract("imsg-sim 0.19.1", make, "+15550100123");
