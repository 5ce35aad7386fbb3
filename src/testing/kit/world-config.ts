import { join } from "node:path";
import type { FunctionAgent, RuntimeSettings } from "../../agents/index.js";

/** An agent of a world: a function of this process, or a program or service as the configuration names it. */
export type WorldAgent = FunctionAgent | RuntimeSettings;

type Block = Record<string, unknown>;

/** What is let in is what a test asks about, so everybody is, until it says otherwise. */
const everybody = { dmPolicy: "open", allowFrom: ["*"] };

/**
 * The configuration of a world, as its file would have it.
 * @param given what the test wants of it, in the form of the file
 * @param mac the folder of the simulated Mac
 */
export function worldConfig(
  given: object,
  agents: Readonly<Record<string, WorldAgent>>,
  mac: string,
): object {
  const { channels = {}, agents: block = {}, ...rest } = given as Block;
  const { imessage = {}, ...others } = channels as Block;
  const account = imessage as Block;
  const saysWho = "dmPolicy" in account || "allowFrom" in account;
  const { list = [], ...ofAgents } = block as Block;
  const listed = list as { id: string }[];
  const known = new Set(listed.map(({ id }) => id));
  return {
    ...rest,
    channels: {
      ...others,
      imessage: {
        ...(saysWho ? {} : everybody),
        ...("groupPolicy" in account ? {} : { groupPolicy: "open" }),
        dbPath: join(mac, "chat.db"),
        includeAttachments: true,
        attachmentRoots: [join(mac, "Attachments")],
        ...account,
      },
    },
    agents: {
      ...ofAgents,
      list: [
        ...listed.map((agent) => ({ ...agent, ...runtimeOf(agents[agent.id]) })),
        ...Object.entries(agents)
          .filter(([id]) => !known.has(id))
          .map(([id, agent]) => ({ id, ...runtimeOf(agent) })),
      ],
    },
  };
}

/** A function has no settings: the file has to name a runtime, and this one is never made. */
function runtimeOf(agent: WorldAgent | undefined): { runtime?: RuntimeSettings } {
  if (agent === undefined) return {};
  return { runtime: typeof agent === "function" ? { type: "demo" } : agent };
}
