import * as z from "zod";
import { health } from "../health-schema.js";
import { unknown } from "../refusals.js";
import { route } from "../route.js";

export const gatewayRoutes = [
  route({
    id: "getHealth",
    method: "get",
    path: "/v1/health",
    scope: "admin",
    summary: "Tell how the gateway and each account do, stage by stage.",
    result: health,
    description: "It is told of all accounts together, so only to a token that reaches them all.",
    async handle({ reach, api }) {
      if (!reach.isWhole) throw unknown();
      return api.status();
    },
  }),
  route({
    id: "getDocument",
    method: "get",
    path: "/v1/openapi.json",
    summary: "This interface as an OpenAPI 3.1 document.",
    description: "It needs no token, for it says nothing of this gateway.",
    result: z.record(z.string(), z.unknown()),
    handle: async ({ listener }) => listener!.document(),
  }),
];
