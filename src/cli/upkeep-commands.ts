import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback backup` and `tapback restore`. */
export function backupCommands(program: Command, wrap: Wrap): void {
  program
    .command("backup <file>")
    .description("write the state and the configuration into one file, also while the gateway runs")
    .option("--with-keys", "also the keys of `tapback secrets`")
    .option("--force", "replace a file that exists")
    .action(
      wrap(async (context, options, file) =>
        (await import("./commands/backup.js")).backup(context, file!, options),
      ),
    );
  program
    .command("restore <file>")
    .description("put a backup in place, here or on another machine")
    .option("--force", "replace what is here; it is kept beside")
    .option(
      "--without-messages",
      "do not ask Messages what was answered since; answer nothing older than now",
    )
    .action(
      wrap(async (context, options, file) =>
        (await import("./commands/restore.js")).restore(context, file!, options),
      ),
    );
}

/** `tapback store copy`. */
export function storeCommands(program: Command, wrap: Wrap): void {
  const store = program
    .command("store")
    .description("where the state is: in a file, or on a PostgreSQL server");
  store
    .command("copy")
    .description("copy the state from its file to a server, or back; the gateway does not run meanwhile")
    .requiredOption("--to <place>", "postgres://…, or `file`: from the server of store.url")
    .action(
      wrap(async (context, options) =>
        (await import("./commands/store-copy.js")).storeCopy(context, options),
      ),
    );
}

/** What is done with an installation as a whole, beside running it. */
export function upkeepCommands(program: Command, wrap: Wrap): void {
  program
    .command("logs")
    .description("print the newest lines of the gateway's log: logging.file, else the service's")
    .option("--lines <n>", "how many", "100")
    .option("--follow", "go on printing what is written")
    .action(wrap(async (context, options) => (await import("./commands/logs.js")).logs(context, options)));
  program
    .command("update")
    .description("tell whether npm has a newer version, and how to install it")
    .option("--check", "the same: nothing is ever installed unasked")
    .action(wrap(async (context) => (await import("./commands/update.js")).update(context)));
  program
    .command("uninstall")
    .description("remove the service, and ask what else is to go")
    .option("--keep", "keep configuration, keys and state, and do not ask")
    .option("--purge", "remove them all, and do not ask")
    .action(
      wrap(async (context, options) => (await import("./commands/uninstall.js")).uninstall(context, options)),
    );
}

/** `tapback completion`, which needs the whole tree. */
export function completionCommand(program: Command, wrap: Wrap): void {
  program
    .command("completion <shell>")
    .description("print what completes commands in bash, zsh or fish")
    .action(
      wrap(async (context, _options, shell) =>
        (await import("./commands/completion.js")).completion(context, shell!, program),
      ),
    );
}

/** `tapback doctor`, `tapback import` and `tapback version`. */
export function aboutCommands(program: Command, wrap: Wrap): void {
  program
    .command("doctor")
    .description("check everything that can be checked, with a remedy for what is wrong")
    .option("--fix", "mend what can be mended safely")
    .option("--alert", "send a test alert through every channel of `alerts`")
    .option("--live", "prove the whole way in a chat of the account with itself: messages are sent")
    .option("--account <id>", "with --live: the account to prove")
    .option("--record [file]", "with --live: keep what imsg said, without people, for a bug report or a test")
    .action(
      wrap(async (context, options) => (await import("./commands/doctor.js")).doctor(context, options)),
    );
  program
    .command("import [dialect] [file]")
    .description("take over the configuration of OpenClaw, RemoteClaw, Clawdbot or BlueBubbles")
    .option("--dry-run", "write nothing")
    .option("--force", "replace a configuration that exists; the old one is kept beside it")
    .action(
      wrap(async (context, options, dialect, file) =>
        (await import("./commands/import.js")).importConfiguration(context, options, dialect, file),
      ),
    );
  program
    .command("version")
    .description("print the version")
    .action(wrap(async (context) => (await import("./commands/version.js")).printVersion(context)));
}
