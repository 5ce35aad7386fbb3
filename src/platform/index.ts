export { argumentFaults } from "./argument-faults.js";
export { askable, unaskedWhy } from "./askable.js";
export { writeFileAtomic } from "./atomic-file.js";
export {
  awaitWithin,
  type Clock,
  longestWaitMs,
  type StopTimer,
  sleep,
  sleepOn,
  systemClock,
} from "./clock.js";
export { type ClockScope, scopedClock } from "./clock-scope.js";
export { type CopyProblem, copyFile } from "./copy-file.js";
export { crashPoint } from "./crash-point.js";
export { CronLine } from "./cron-line.js";
export { deadline, deadlineSleep, freshMs } from "./deadline.js";
export type { ErrorCode } from "./error-codes/index.js";
export { launchRemedy } from "./error-codes/launch-remedy.js";
export { adviceOf, codeFromOutside, errnoOf, messageOf, TapbackError } from "./errors.js";
export { findProgram } from "./find-program.js";
export { isFolder, makeFolder } from "./folder.js";
export { follow } from "./follow-signal.js";
export { inTurn } from "./in-turn.js";
export { KeepAwake } from "./keep-awake.js";
export { LineSplitter } from "./lines.js";
export { loadPackage } from "./load-package.js";
export { localDay, localTime } from "./local-time.js";
export type { Log } from "./log.js";
export { createLog } from "./logging/create-log.js";
export { KeptLog } from "./logging/kept-log.js";
export type { RotatedLog } from "./logging/log-rotation.js";
export { maskedLog } from "./logging/masked-log.js";
export { ownValue } from "./own-value.js";
export {
  endLeftBehind,
  type PartingTimes,
  readMark,
  writeMark,
} from "./processes/left-behind.js";
export { descendantsOf, signalTo } from "./processes/process-tree.js";
export { type ProgramRun, programsUnderWay, runProgram } from "./processes/run-program.js";
export { type StartedProgram, startProgram } from "./processes/start-program.js";
export { err, ok, type Result } from "./result.js";
export { isRowNumber } from "./row-number.js";
export { maskSecrets, secretMask } from "./secrets.js";
export { shellWord } from "./shell-word.js";
export { signatureHeaders } from "./signature.js";
export { type Sleep, SleepWatch, sleepsText } from "./sleep-watch.js";
export { type Database, openDatabase, type SqlValue, type Statement } from "./sqlite.js";
export { withStorageFaults } from "./storage-faults.js";
export type { Surroundings } from "./surroundings.js";
export { version } from "./version.js";
export { WakeLatch } from "./wake-latch.js";
export { WallClock, zonedTime } from "./wall-clock.js";
