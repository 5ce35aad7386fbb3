import { timeZoneOf } from "../config/index.js";
import { cutText, formatTarget } from "../conversation/index.js";
import { zonedTime } from "../platform/index.js";
import type { ScheduledMessage } from "../store/index.js";
import { scheduledIn } from "../turns/index.js";
import type { CommandContext, TypedCommand } from "./contract.js";

const usage = "/schedule [all]|cancel <id>";
/** A text is cut here, UTF-16 code units: the list is read on a phone. */
const textLength = 80;
/** Longest list, entries. */
const mostShown = 30;

/** `/schedule`: what is to be sent or asked later in this conversation; owners see all of the account (behaviour 10.3a). */
export const scheduleCommand: TypedCommand = {
  name: "schedule",
  usage,
  summary: "what is to be sent later, and how to take it back",
  quick: false,
  who: "admitted",
  async run(context) {
    const [verb = "", id = "", ...rest] = context.words.split(/\s+/).filter((word) => word !== "");
    if (verb === "cancel" && id !== "" && rest.length === 0) return cancel(context, id);
    if (verb === "all" && id === "") return context.isOwner ? { toOwner: await listAll(context) } : forOwners;
    if (verb !== "" && verb !== "list") return `Usage: ${usage}`;
    return listed(await inThisChat(context), context, false);
  },
};

const forOwners = "What other conversations have scheduled is for owners, over iMessage.";

async function listAll(context: CommandContext): Promise<string> {
  return listed(await ofAccount(context), context, true);
}

/** One answer for what is not there and what is somebody else's: ids tell nothing. */
async function cancel(context: CommandContext, id: string): Promise<string> {
  const own = context.isOwner ? await ofAccount(context) : await inThisChat(context);
  const isThere = own.some((each) => each.id === id) && (await context.store.schedule.cancel(id));
  return isThere
    ? `Cancelled ${id}.`
    : `Nothing with the id ${cutText(id, 20)} waits here. /schedule shows what does.`;
}

async function ofAccount({ store, entry }: CommandContext): Promise<ScheduledMessage[]> {
  return (await store.schedule.list()).filter(({ account }) => account === entry.account);
}

async function inThisChat({ store, entry, chatKeys }: CommandContext): Promise<ScheduledMessage[]> {
  const { account, row } = entry;
  return scheduledIn(await store.schedule.list(), { account, chatKeys, guid: row.chat.guid });
}

function listed(all: readonly ScheduledMessage[], { config }: CommandContext, withTarget: boolean): string {
  if (all.length === 0) return "Nothing is scheduled.";
  const lines = all.slice(0, mostShown).map(({ id, dueAt, item, repeat, runsTurn, maker }) => {
    const again = repeat ? `, again by ${repeat.cron}` : "";
    const where = withTarget ? ` to ${formatTarget(item.target)}` : "";
    const by = maker ? ` by ${maker.name ?? maker.handle}` : "";
    const what = `${runsTurn ? "ask: " : ""}${cutText(item.text ?? "", textLength).replace(/\s+/g, " ")}`;
    return `${id}  ${zonedTime(dueAt, repeat?.zone ?? timeZoneOf(config))}${again}${where}${by}\n${what}`;
  });
  const more = all.length > mostShown ? [`And ${all.length - mostShown} more.`] : [];
  return [...lines, ...more, "Take one back with /schedule cancel <id>."].join("\n");
}
