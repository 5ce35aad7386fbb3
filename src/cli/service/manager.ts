/** One command of the service manager. */
export interface ManagerCall {
  args: string[];
  /** A failure changes nothing: what it asks for may be so already. */
  mayFail?: boolean;
}

/** A service manager of this machine: the file that it reads, and how it is told of it. */
export interface ServiceManager {
  name: "systemd" | "launchd";
  /** Its command line program. */
  program: string;
  /** Where the service's file lies. */
  file: string;
  /** What the file says. */
  content: string;
  install: ManagerCall[];
  /** Before and after the file is removed. */
  uninstall: { before: ManagerCall[]; after: ManagerCall[] };
  /** Tells whether it runs. */
  ask: { args: string[]; isRunning: (exitCode: number, stdout: string) => boolean };
  /** Said to the person after an install. */
  advice: string;
}
