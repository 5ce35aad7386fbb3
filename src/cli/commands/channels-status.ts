import { normalizeId } from "../../config/index.js";
import { askGateway } from "../../control/index.js";
import type { AccountStatus, GatewayStatus } from "../../gateway/index.js";
import { localTime, sleepsText, TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, span, styled } from "../output.js";
import { probePatienceMs } from "../probe-patience.js";
import { effectiveSettings, tellEffective } from "./effective-settings.js";

export interface StatusOptions {
  probe?: boolean;
  account?: string;
  timeout?: string;
  effective?: boolean;
}

/**
 * `tapback channels status`: asked of the running gateway when there is one, told from the configuration when not
 * (behaviour 13).
 * @returns 0 when every account asked for works; 1 when one does not; 4 when one is to be served and no gateway runs,
 *   unless the way to Messages was what is asked for (`--probe`)
 * @throws `USAGE`, `ACCOUNT_UNKNOWN`
 */
export async function channelsStatus(context: Context, options: StatusOptions): Promise<number> {
  const timeoutMs = options.timeout === undefined ? undefined : Number(options.timeout);
  if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs)))
    throw new TapbackError("USAGE", "--timeout needs milliseconds above 0");
  const { probe = false } = options;
  const patienceMs = probe ? await probePatienceMs(context, timeoutMs) : undefined;
  const answer = await askGateway(context.stateDir, "status", { probe, timeoutMs }, patienceMs);
  const status = answer?.result ?? (await unserved(context, probe, timeoutMs));
  const wanted = options.account && normalizeId(options.account);
  const accounts = status.accounts.filter(({ id }) => !wanted || id === wanted);
  if (wanted && accounts.length === 0)
    throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${options.account}`);
  const ids = accounts.map(({ id }) => id);
  const settings = options.effective ? await effectiveSettings(context, ids) : undefined;
  if (context.json) {
    const withSettings = accounts.map((account) => ({ ...account, effective: settings?.get(account.id) }));
    printJson({ ...status, accounts: withSettings });
  } else {
    tell({ ...status, accounts });
    for (const [id, values] of settings ?? []) tellEffective(id, values);
  }
  const broken = accounts.some((account) => account.enabled && account.stages.some((stage) => !stage.ok));
  const isUnserved = !status.gateway && !options.probe && accounts.some(({ enabled }) => enabled);
  if (isUnserved) return exitCodes.gatewayUnreachable;
  return broken ? exitCodes.refused : exitCodes.done;
}

/** What tells of accounts without a gateway, and all of the way to Messages, is loaded only there. */
async function unserved(
  context: Context,
  probe: boolean,
  timeoutMs: number | undefined,
): Promise<GatewayStatus> {
  const { statusWithoutGateway } = await import("./unserved-accounts.js");
  return statusWithoutGateway(context, probe, timeoutMs);
}

function tell(status: GatewayStatus): void {
  const { gateway, accounts } = status;
  if (gateway) {
    const age = span(Date.now() - Date.parse(gateway.startedAt));
    printLine(`Gateway ${gateway.version}, pid ${gateway.pid}, up for ${age}`);
    for (const { name, url, error } of gateway.http ?? [])
      printLine(
        url === null
          ? styled("red", `${name}: ${error?.message ?? "not served"} [${error?.code ?? ""}]`)
          : `${name}: ${url}`,
      );
    if (gateway.sleeps?.length) printLine(styled("yellow", sleepsText(gateway.sleeps)));
  } else printLine(styled("yellow", "The gateway is not running. Start it with `tapback gateway`."));
  if (accounts.length === 0) printLine("No account is configured. Run `tapback init`.");
  const remedies = new Set<string>();
  for (const account of accounts) tellAccount(account, remedies);
  const dead = status.webhooks?.filter(({ failingSince }) => failingSince !== null) ?? [];
  if (dead.length > 0) printLine();
  for (const { name, failingSince, why } of dead)
    printLine(
      styled("yellow", `Webhook ${name} takes nothing since ${localTime(Date.parse(failingSince!))}: ${why}`),
    );
}

/** @param remedies those that were told already: what helps several is said once */
function tellAccount(account: AccountStatus, remedies: Set<string>): void {
  const works = account.verdict === "works";
  printLine();
  printLine(
    `${styled("bold", `imessage/${account.id}`)}  ${styled(works ? "green" : "yellow", account.verdict)}`,
  );
  const facts: [string, string | null][] = [
    ["connected", account.connectedSince && `since ${localTime(Date.parse(account.connectedSince))}`],
    ["last in", account.lastInboundAt && localTime(Date.parse(account.lastInboundAt))],
    ["last out", account.lastOutboundAt && localTime(Date.parse(account.lastOutboundAt))],
    ["restarts", account.restarts > 0 ? String(account.restarts) : null],
    ["waiting", waiting(account)],
    ["of the sent", deliveries(account)],
    ["private API", privateApi(account)],
  ];
  for (const [name, value] of facts) if (value) printLine(`  ${name.padEnd(11)} ${value}`);
  for (const stage of account.stages) {
    const age = stage.provenAt
      ? styled("dim", ` (${span(Date.now() - Date.parse(stage.provenAt))} ago)`)
      : "";
    printLine(
      `  ${stage.ok ? styled("green", "✓") : styled("red", "✗")} ${stage.name.padEnd(8)} ${stage.detail}${age}`,
    );
    if (stage.remedy && !remedies.has(stage.remedy)) printLine(`    ${styled("yellow", stage.remedy)}`);
    if (stage.remedy) remedies.add(stage.remedy);
  }
}

function deliveries({ deliveries: { delivered, read, downgraded, failed } }: AccountStatus): string | null {
  const parts = [
    [delivered, "delivered"],
    [read, "read"],
    [downgraded, "went as SMS"],
    [failed, "not delivered"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length > 0 ? told.join(", ") : null;
}

function privateApi({ privateApi: api }: AccountStatus): string | null {
  if (!api) return null;
  return api.available
    ? `up (bridge ${api.version})`
    : "not running: tapbacks, effects and edits need `imsg launch` (docs/deployment/private-api.md)";
}

function waiting({ queues }: AccountStatus): string | null {
  const parts = [
    [queues.inbound, "to decide"],
    [queues.turns, "turns queued"],
    [queues.running, "turns running"],
    [queues.outbox.held, "held in drafts"],
    [queues.outbox.pending + queues.outbox.sending, "to send"],
    [queues.outbox.unknown, "with unknown outcome"],
    [queues.outbox.not_sent, "not sent"],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length > 0 ? told.join(", ") : null;
}
