import { imsgFramingContract } from "./imsg-framing.js";
import { imsgReadingContract } from "./imsg-reading.js";
import { imsgSendingContract } from "./imsg-sending.js";
import { imsgShapesContract } from "./imsg-shapes.js";
import { asProgram, underTest } from "./imsg-under-test.js";
import { imsgWatchingContract } from "./imsg-watching.js";

const make = () => underTest({ version: "0.9.0" });
imsgFramingContract("imsg-sim 0.9.0", () => underTest({ version: "0.9.0" }, asProgram));
imsgReadingContract("imsg-sim 0.9.0", make);
imsgShapesContract("imsg-sim 0.9.0", make);
imsgWatchingContract("imsg-sim 0.9.0", make);
imsgSendingContract("imsg-sim 0.9.0", make, "+15550100123");
