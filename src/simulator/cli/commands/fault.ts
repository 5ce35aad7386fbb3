import { type Fault, faultKinds } from "../../world/fault.js";
import type { Option } from "../argv.js";
import type { Command } from "../command.js";

const numbers = ["times", "after", "probability", "seed", "ms", "code", "lines"] as const;
const texts = ["when", "error", "text", "by", "id"] as const;
const flags = ["stored", "inFlight"] as const;

const help: Record<string, string> = {
  times: "How often it goes wrong; always when absent",
  after: "How many occasions of each process pass first",
  probability: "Chance of each occasion, 0 to 1",
  seed: "Names the sequence of chances",
  ms: "How long or how late, milliseconds",
  code: "Exit code, or RPC error code",
  lines: "How many lines of noise",
  when: "die: before or after the answer",
  error: "send-error: -1743, -1728, -1712 or -600; error: its message",
  text: "error: its data; noise: the line",
  by: "send-error: only of sends that name a chat, or a person",
  id: "A name for it",
  stored: "send-error, bridge-lost: it is sent, or done, all the same",
  inFlight: "bridge-lost: blocks later mutations (0.14.0)",
};

const options: Option[] = [
  { name: "kind", value: "kind", help: faultKinds.join(", ") },
  { name: "method", value: "name", help: "Only for this RPC method or command", repeat: true },
  ...[...numbers, ...texts].map((name) => ({ name, value: "value", help: help[name]! })),
  ...flags.map((name) => ({ name, help: help[name]! })),
];

const set: Command = {
  kind: "world",
  summary: "Make something go wrong",
  options: options.map((option) => (option.name === "kind" ? { ...option, required: true } : option)),
  examples: [
    "imsg-sim fault set --kind die --method send --times 1",
    "imsg-sim fault set --kind send-error --error -1743",
    "imsg-sim fault set --kind delay --ms 2000 --probability 0.1 --seed 7",
  ],
  run: ({ given, place, print }) => {
    const fault: Record<string, unknown> = { kind: given.text("kind") };
    const methods = given.list("method");
    if (methods.length > 0) fault.method = methods;
    for (const name of numbers) if (given.has(name)) fault[name] = Number(given.text(name));
    for (const name of texts) if (given.has(name)) fault[name] = given.text(name);
    for (const name of flags) if (given.has(name)) fault[name] = true;
    const [added] = place.faults.add([fault as unknown as Fault]);
    print({ ...added }, `${added!.id} ${added!.kind}`);
  },
};

const clear: Command = {
  kind: "world",
  summary: "Make it go right again",
  options: [
    { name: "kind", value: "kind", help: "Only faults of this kind" },
    { name: "id", value: "id", help: "Only this fault" },
  ],
  examples: ["imsg-sim fault clear", "imsg-sim fault clear --kind die"],
  run: ({ given, place, print }) => {
    const cleared = place.faults.clear(given.text("kind") ?? given.text("id"));
    print({ cleared }, `${cleared} cleared`);
  },
};

const list: Command = {
  kind: "world",
  summary: "Show what goes wrong",
  options: [],
  examples: ["imsg-sim fault list --json"],
  run: ({ place, print }) => {
    for (const fault of place.faults.list()) print({ ...fault });
  },
};

export const faultCommands: Record<string, Command> = {
  "fault set": set,
  "fault clear": clear,
  "fault list": list,
};
