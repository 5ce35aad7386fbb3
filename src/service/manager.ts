import type { TapbackError } from "../platform/index.js";

/** One command of the service manager. */
export interface ManagerCall {
  args: string[];
  /** A failure changes nothing: what it asks for may be so already. */
  mayFail?: boolean;
  /** The answer comes before the deed: it is done when these words fail too. */
  doneWhenFails?: { args: string[]; withinMs: number; meanwhile: string };
  /** Numbers of failures that pass by themselves: it is tried again for a while. */
  passing?: readonly number[];
}

/** What the service manager's program answered. */
export interface ManagerAnswer {
  /** Negative when it could not be started, or did not end in time. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * The app that owns the permissions of the gateway on a Mac (behaviour 1.6e). macOS asks who is responsible for a process: of
 * what launchd starts that is the program that it started, and of a child its parent's. So the app stays, as the parent of
 * Node. Its signature is its content, so it is made once and names nothing that an update changes.
 */
export interface ServiceApp {
  /** The folder of the app. */
  path: string;
  /** Its executable, which launchd starts. */
  program: string;
  /** What it was made from, kept in it: another text is another app, which macOS knows nothing of. */
  source: string;
}

/** A service manager of this machine: the file that it reads, and how it is told of it. */
export interface ServiceManager {
  name: "systemd" | "launchd";
  /** The manager's command line program. */
  program: string;
  /** Where the service's file lies. */
  file: string;
  /** What the file says. */
  content: string;
  /** The app that the service runs through, with the script that it runs. */
  app?: ServiceApp & { run: { file: string; content: string } };
  /** The command that installs it so. */
  again: string;
  install: ManagerCall[];
  /** Ends the service and starts it again as its file says. */
  restart: ManagerCall[];
  /** Before and after the file is removed. */
  uninstall: { before: ManagerCall[]; after: ManagerCall[] };
  /** Tells whether it knows of the service, and whether it runs. */
  ask: {
    args: string[];
    isLoaded: (answer: ManagerAnswer) => boolean;
    isRunning: (answer: ManagerAnswer) => boolean;
  };
  /** Longest that the service may take to end, milliseconds; a command that waits for that takes as long. */
  stopMs: number;
  /** The program that prints the newest lines of the service's log. */
  logs: (lines: number, follow: boolean) => { program: string; args: string[] };
  /** @returns the command line that the manager starts for a service with this text of its file; empty when there is none */
  commandIn: (content: string) => string[];
  /** @returns the command line of Node in a service with this text of its file, also where an app is between; empty when there is none */
  gatewayIn: (content: string) => string[];
  /** @returns the state directory that a service with this text of its file is told; undefined: the usual one */
  stateIn: (content: string) => string | undefined;
  /** @returns what a service with this text of its file cannot be started without: Node, the program, the app, as far as it names them */
  programsIn: (content: string) => string[];
  /** The error for a failure that has a name of its own. */
  errorOf?: (exitCode: number, said: string) => TapbackError | undefined;
  /** Said to the person after an install. */
  advice: string;
}
