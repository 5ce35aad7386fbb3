import { type AnyRoute, apiTable } from "../api/serving/index.js";
import type { ConsoleDeps } from "./deps.js";
import { agentRoutes } from "./routes/agents.js";
import { chatRoutes } from "./routes/chats.js";
import { enrolmentRoutes } from "./routes/enrolment.js";
import { inboxRoutes } from "./routes/inbox.js";
import { logRoutes } from "./routes/log.js";
import { nodeRoutes } from "./routes/nodes.js";
import { peopleRoutes } from "./routes/people.js";
import { phoneRoutes } from "./routes/phone.js";
import { questionRoutes } from "./routes/questions.js";
import { settingsRoutes } from "./routes/settings.js";
import { settingsFormRoutes } from "./routes/settings-form.js";
import { workRoutes } from "./routes/work.js";
import { SettingsFile } from "./settings-file.js";

/** Files of messages are named on the page, and never served from its own place (behaviour 19.2). */
const notServed = ["getAttachment"];

/**
 * What the page asks for: all that programs may ask, and what is for whoever owns the gateway's machine.
 * @param ends aborts when it is served there no more
 */
export function consoleTable(deps: ConsoleDeps, ends: AbortSignal): AnyRoute[] {
  const settings = new SettingsFile(deps);
  return [
    ...apiTable().filter(({ id }) => !notServed.includes(id)),
    ...chatRoutes(deps.api.store),
    ...inboxRoutes,
    ...peopleRoutes,
    ...enrolmentRoutes,
    ...workRoutes,
    ...nodeRoutes,
    ...questionRoutes(deps),
    ...agentRoutes(deps, ends),
    ...logRoutes(deps),
    ...phoneRoutes(deps),
    ...settingsRoutes(settings),
    ...settingsFormRoutes(settings),
  ];
}
