export { writeFileAtomic } from "./atomic-file.js";
export { type Clock, sleep, systemClock } from "./clock.js";
export { crashPoint } from "./crash-point.js";
export { errnoOf, messageOf, TapbackError } from "./errors.js";
export { LineSplitter } from "./lines.js";
export type { Log } from "./log.js";
export { err, ok, type Result } from "./result.js";
export { type Database, openDatabase, type SqlValue, type Statement } from "./sqlite.js";
export { version } from "./version.js";
