import type { Config } from "../../config/index.js";
import { chatKeyOf } from "../../conversation/index.js";
import type { NewOutboxItem, PairingRequest, Store } from "../../store/index.js";
import { sharedMemoryWarning, sharedSessions } from "../shared-sessions.js";
import type { FirstOwner } from "./first-owner.js";
import { settledBefore } from "./request.js";
import { approvalReport, youAreApproved } from "./text.js";

/** More than a person writes in the hour in which a request can be approved. */
const lookedRows = 200;

export interface ApproveWish {
  /** Milliseconds since the epoch. */
  at: number;
  /** What says who shares a session with whom; undefined when it cannot be read. */
  config: Config | undefined;
  /** Whether the first person approved becomes the owner; `no` also where that is declined. */
  firstOwner: FirstOwner;
  /** Whether the sender is told. */
  notify?: boolean;
  /** Whether what was written since the request is answered. */
  replay?: boolean;
  /** Whether the report names the account. */
  namesAccount?: boolean;
}

export interface Approved {
  owner: boolean;
  /** How many earlier messages are answered now. */
  replayed: number;
  /** What whoever approved should know of it: people share the agent's memory now (behaviour 5.2a). */
  warning?: string;
  /** What to say to whoever approved, in lines. */
  report: string[];
}

/**
 * Approves a request, whoever asks for it: the command line or an owner in the chat (behaviour 3.3).
 * @throws `PAIRING_CODE_USED`, `PAIRING_CODE_EXPIRED` when it was settled meanwhile
 */
export async function approveRequest(
  store: Store,
  request: PairingRequest,
  { at, config, firstOwner, notify = false, replay = false, namesAccount = false }: ApproveWish,
): Promise<Approved> {
  const to = await addressOf(store, request);
  const notice = { owner: noticeFor(to, true), guest: noticeFor(to, false) };
  const outcome = await store.pairing.approve(request, at, {
    ownership: firstOwner === "yes" ? { named: [] } : "guest",
    ...(notify && { notice }),
    replay,
  });
  if (outcome.state !== "done") throw settledBefore(request, outcome.state);
  const { owner, replayed } = outcome;
  const warning = config && sharedMemoryWarning(await sharedSessions(config, store));
  const mayLackOwner = firstOwner === "untold" && (await store.pairing.approvals()).length === 1;
  const report = approvalReport(request, { owner, mayLackOwner, replayed, namesAccount });
  return { owner, replayed, report: warning ? [...report, warning] : report, ...(warning && { warning }) };
}

/**
 * The chat that the request came from, as what was written before it there names it: the number alone may be somebody else's by now
 * (behaviour 10.3b). Where nothing names it, the person.
 */
async function addressOf(
  store: Store,
  { account, chatId, handle, requestedAt }: PairingRequest,
): Promise<Pick<NewOutboxItem, "target" | "chatGuid">> {
  const rows = chatId > 0 ? await store.journal.list({ account, chatId, limit: lookedRows }) : [];
  const chatGuid = rows.find(({ receivedAt }) => receivedAt <= requestedAt)?.row.chat.guid;
  return chatGuid
    ? { target: { kind: "chat_id", chatId }, chatGuid }
    : { target: { kind: "handle", handle, service: "auto" } };
}

function noticeFor(to: Pick<NewOutboxItem, "target" | "chatGuid">, owner: boolean): NewOutboxItem {
  return { ...to, chatKey: chatKeyOf(to.target), origin: "approval", text: youAreApproved(owner) };
}
