import type { AnyRoute } from "./route.js";
import { chatRoutes } from "./routes/chats.js";
import { draftRoutes } from "./routes/drafts.js";
import { eventRoutes } from "./routes/events.js";
import { gatewayRoutes } from "./routes/gateway.js";
import { messageRoutes } from "./routes/messages.js";
import { peopleRoutes } from "./routes/people.js";
import { sendRoutes } from "./routes/sends.js";

/** Every request that there is. What is not in here is not answered, not checked and not written down. */
export function apiTable(): AnyRoute[] {
  return [
    ...[...chatRoutes, ...messageRoutes, ...sendRoutes, ...eventRoutes],
    ...[...peopleRoutes, ...draftRoutes, ...gatewayRoutes],
  ];
}
