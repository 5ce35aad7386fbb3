import { randomBytes } from "node:crypto";
import type { Finding, Recording } from "../../doctor/index.js";
import { version } from "../../platform/index.js";
import { StandIns } from "../report/stand-ins.js";

/** Fields whose words come from imsg, Messages or us, and name nobody. */
const kept = new Set([
  ...["jsonrpc", "method", "service", "transport", "created_at", "date_edited", "date_retracted"],
  ...[
    "reaction",
    "reaction_type",
    "reaction_emoji",
    "emoji",
    "kind",
    "type",
    "state",
    "status",
    "disposition",
  ],
  ...["operation", "uti", "mime_type", "balloon_bundle_id", "region", "selectedMessageGuid"],
]);
/** Fields in which imsg says in a sentence what went wrong. */
const sentences = new Set(["message", "detail", "hint", "data", "error"]);
const guid = /^(?:p:\d+\/|bp:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A handle, alone or behind the service of a chat's GUID. */
const handle = /^(?:[A-Za-z]+;[-+];)?(?:\+?\d{5,}|[^\s@;]+@[^\s@;]+)$/;

/**
 * The recording of a live run as a fixture (behaviour 13.2): JSON Lines, first what was recorded, then each frame, with people,
 * names and paths replaced. What no rule knows is replaced too; the texts of the run itself stay.
 */
export function fixtureOf(
  { mark, address, frames, account }: Recording,
  findings: readonly Finding[],
): string {
  const standIns = new StandIns(randomBytes(32));
  const imsg = account.stages.find(({ name }) => name === "rpc")?.detail ?? "";
  const head = {
    format: "tapback-live",
    version: 1,
    tapback: version,
    imsg: /^imsg (\S+) answers$/.exec(imsg)?.[1] ?? null,
    privateApi: account.privateApi
      ? { available: account.privateApi.available, selectors: account.privateApi.selectors }
      : null,
    methods: account.privateApi?.methods ?? [],
    mark,
    address: standIns.handle(address),
    steps: findings.map(({ check, level }) => ({ check, level })),
  };
  const lines = frames.map(({ ms, to, frame }) => ({ ms, to, frame: replaced(frame, "", mark, standIns) }));
  return `${[head, ...lines].map((line) => JSON.stringify(line)).join("\n")}\n`;
}

function replaced(value: unknown, key: string, mark: string, standIns: StandIns): unknown {
  if (typeof value === "string") return word(value, key, mark, standIns);
  if (Array.isArray(value)) return value.map((item) => replaced(item, key, mark, standIns));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, replaced(inner, name, mark, standIns)]),
  );
}

function word(value: string, key: string, mark: string, standIns: StandIns): string {
  if (kept.has(key) || guid.test(value)) return value;
  if (handle.test(value)) {
    const [, service = "", name = value] = /^(.*;[-+];)?(.*)$/.exec(value) ?? [];
    return service + standIns.handle(name);
  }
  // A text, or the name of a file, that the run made; the folders before it are somebody's.
  if (value.includes(mark)) {
    const cut = value.lastIndexOf("/") + 1;
    return cut === 0 ? value : `${standIns.folder(value.slice(0, cut))}${value.slice(cut)}`;
  }
  return sentences.has(key) ? standIns.sentence(value) : standIns.text(value);
}
