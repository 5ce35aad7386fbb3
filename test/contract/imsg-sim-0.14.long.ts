import { imsgFramingContract } from "./imsg-framing.js";
import { imsgReadingContract } from "./imsg-reading.js";
import { imsgSendingContract } from "./imsg-sending.js";
import { imsgShapesContract } from "./imsg-shapes.js";
import { asProgram, underTest } from "./imsg-under-test.js";
import { imsgWatchingContract } from "./imsg-watching.js";

const make = () => underTest({ version: "0.14.0" });
imsgFramingContract("imsg-sim 0.14.0", () => underTest({ version: "0.14.0" }, asProgram));
imsgReadingContract("imsg-sim 0.14.0", make);
imsgShapesContract("imsg-sim 0.14.0", make);
imsgWatchingContract("imsg-sim 0.14.0", make);
imsgSendingContract("imsg-sim 0.14.0", make, "+15550100123");

// What differs between these and their neighbours is in what is read.
imsgReadingContract("imsg-sim 0.10.0", () => underTest({ version: "0.10.0" }));
imsgShapesContract("imsg-sim 0.10.0", () => underTest({ version: "0.10.0" }));
imsgReadingContract("imsg-sim 0.13.0", () => underTest({ version: "0.13.0" }));
imsgShapesContract("imsg-sim 0.13.0", () => underTest({ version: "0.13.0" }));
