import { type Command, Option } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback gateway`. */
export function gatewayCommands(program: Command, wrap: Wrap): void {
  program
    .command("gateway")
    .description("run the gateway until it is stopped")
    .action(wrap(async (context) => (await import("./commands/gateway.js")).gateway(context)));
}

/** `tapback worker`. */
export function workerCommand(program: Command, wrap: Wrap): void {
  program
    .command("worker")
    .description("run turns of some agents for the gateways that share its state (store.url)")
    .requiredOption("--agents <ids...>", "whose turns it takes, e.g. main,helper")
    .option("--name <name>", "what people are told it is; unset: this machine's name")
    .action(
      wrap(async (context, options) => (await import("./commands/worker.js")).worker(context, options)),
    );
}

/** `tapback service …`. */
export function serviceCommands(program: Command, wrap: Wrap): void {
  const service = program.command("service").description("the gateway as a service of systemd or launchd");
  const load = async () => import("./commands/service.js");
  const dryRun = "only show what would be done";
  service
    .command("install")
    .description("write the service for this user, and start it")
    .option("--dry-run", dryRun)
    .option("--catch-up", "answer also what comes while the gateway is off")
    .option("--no-catch-up", "leave that as it is, and do not ask")
    .option("--no-app", "on a Mac: run node itself, without an app of its own")
    .action(wrap(async (context, options) => (await load()).install(context, options)));
  service
    .command("uninstall")
    .description("stop the service and remove it; configuration and state stay")
    .option("--dry-run", dryRun)
    .action(wrap(async (context, options) => (await load()).uninstall(context, options)));
  service
    .command("restart")
    .description("end the service in order, and start it again")
    .action(wrap(async (context) => (await load()).restart(context)));
  service
    .command("status")
    .description("tell whether the service is installed and runs")
    .action(wrap(async (context) => (await load()).status(context)));
  service
    .command("logs")
    .description("print the newest lines of the service's log")
    .option("--lines <n>", "how many", "100")
    .option("--follow", "go on printing what is written")
    .action(
      wrap(async (context, options) => (await import("./commands/service-logs.js")).logs(context, options)),
    );
}

/** `tapback channels …`. */
export function channelCommands(program: Command, wrap: Wrap): void {
  const channels = program.command("channels").description("accounts and their health");
  channels
    .command("status")
    .description("tell how each account is")
    .option("--probe", "check the whole way to Messages now")
    .option("--effective", "also every setting that holds, and where it comes from")
    .addOption(new Option("--channel <name>", "only this channel").choices(["imessage"]))
    .option("--account <id>", "only this account")
    .option("--timeout <ms>", "how long each check may take, milliseconds")
    .action(
      wrap(async (context, options) =>
        (await import("./commands/channels-status.js")).channelsStatus(context, options),
      ),
    );
  channels
    .command("list")
    .description("list the accounts of the configuration")
    .action(wrap(async (context) => (await import("./commands/channels-list.js")).channelsList(context)));
}

/** `tapback cluster …`. */
export function clusterCommands(program: Command, wrap: Wrap): void {
  const cluster = program
    .command("cluster")
    .description("gateways and workers that share a state on a server");
  cluster
    .command("status")
    .description("tell who works on the state, whose each account is, and what waits")
    .action(wrap(async (context) => (await import("./commands/cluster-status.js")).clusterStatus(context)));
}
