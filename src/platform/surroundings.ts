import type { StartedProgram } from "./processes/start-program.js";

/** What the process of a gateway has around it, as it comes in through parameters, so that tests own it. */
export interface Surroundings {
  /** Names this process in claims. */
  node: string;
  /** Whether what it claimed is surely its own still; asked right before a Mac is told to do something. Absent: nobody else can have it. */
  holds?: (() => boolean) | undefined;
  env: Record<string, string | undefined>;
  /** What of it is secret whatever its name: the values of the file of variables (behaviour 1.5a). */
  secrets: readonly string[];
  /** Home folder, for `~`. */
  home: string;
  /** Folder of the state. */
  stateDir: string;
  /** 0 inclusive to 1 exclusive. */
  random: () => number;
  /**
   * Starts imsg in another way than as the program that an account names.
   * @param args its command line
   * @param cliPath the name of that program
   */
  startImsg?: ((args: readonly string[], cliPath: string) => StartedProgram) | undefined;
}
