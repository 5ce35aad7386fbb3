import { reasonText } from "../../conversation/index.js";
import { ownerNotices } from "../../outbound/index.js";
import { type Clock, crashPoint, type Log, localDay } from "../../platform/index.js";
import type {
  Admittance,
  Allowed,
  Claim,
  LimitAnswer,
  NewOutboxItem,
  Reached,
  Store,
  Turn,
} from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import { forOwners, forPerson, gateDetail } from "./limit-words.js";
import { isLimited, type PersonRights } from "./people.js";
import { peopleOfTurn } from "./turn-people.js";

export interface TurnAllowanceDeps {
  store: Store;
  clock: Clock;
  log: Log;
  accounts: TurnAccounts;
  /** Handles of the owners of an account, in normal form. */
  owners: (account: string) => Promise<readonly string[]>;
}

/** What people have of a day: turns begin while something of it is left (behaviour 18.3b). */
export class TurnAllowance {
  constructor(private readonly deps: TurnAllowanceDeps) {}

  /** Judges and counts a turn before it begins. */
  async admit(turn: Turn, claim: Claim): Promise<Admittance> {
    const { store, clock, log, accounts, owners } = this.deps;
    const { account, envelope } = turn;
    const groups = accounts.peopleOf(account);
    const people = peopleOfTurn(envelope, accounts.settingsOf(account).region);
    const rights = new Map(people.map((handle) => [handle, groups.of(handle)] as const));
    const told = [...rights.values()].some(isLimited) ? await owners(account) : [];
    const at = clock.now();
    const admitted = await store.allowance.admit(
      claim,
      {
        day: localDay(at),
        people: [...rights].map(([handle, right]) => allowed(handle, right, envelope.listening)),
        answer: (reached) => answerTo(turn, reached, rights.get(reached.handle)!, told),
      },
      at,
    );
    crashPoint("turn.admitted");
    if (admitted === "refused")
      log.info("a turn is not begun: its person has reached the limit of the day", {
        turn: turn.id,
        account,
        chat: turn.chatKey,
      });
    return admitted;
  }
}

/** Nobody asked for a turn that reads along, so nobody's limit refuses it. */
function allowed(
  handle: string,
  { handles, turnsPerDay, tokensPerDay }: PersonRights,
  listening = false,
): Allowed {
  if (listening) return { handle, handles };
  return {
    handle,
    handles,
    ...(turnsPerDay && { turns: turnsPerDay.most }),
    ...(tokensPerDay && { tokens: tokensPerDay.most }),
  };
}

function answerTo(
  { envelope, target, chatKey, agentId }: Turn,
  reached: Reached,
  { handles, turnsPerDay, tokensPerDay }: PersonRights,
  owners: readonly string[],
): LimitAnswer {
  const key = (reached.kind === "turns" ? turnsPerDay : tokensPerDay)!.key;
  const detail = gateDetail(reached);
  const replyTo = envelope.chat.isGroup ? envelope.messages.at(-1)?.guid : undefined;
  const reply: NewOutboxItem = {
    ...{ target, chatKey, origin: "command", text: forPerson },
    ...(replyTo && { replyTo }),
  };
  const others = owners.filter((owner) => !handles.includes(owner));
  return {
    refusal: { reason: "limit_reached", remedy: reasonText("limit_reached", { limit: key }).remedy, key },
    step: { gate: "limit", passed: false, key, detail },
    reply,
    notices: ownerNotices(others, forOwners(nameOf(envelope, reached.handle), agentId, key, reached)),
  };
}

function nameOf({ sender, messages }: Turn["envelope"], handle: string): string {
  const known = [sender, ...messages.flatMap((message) => message.sender ?? [])];
  const name = known.find((each) => each.handle === handle)?.name;
  return name === undefined ? handle : `${name} (${handle})`;
}
