import { connect } from "node:net";
import type { Endpoint } from "../../config/index.js";
import { errnoOf } from "../../platform/index.js";

/** Tries to reach a place. @returns the code of the failure, e.g. `EHOSTUNREACH`; undefined when it was reached */
export type Reach = (endpoint: Endpoint, limitMs: number) => Promise<string | undefined>;

/** Opens a connection and ends it at once. */
export const reachByTcp: Reach = ({ host, port }, limitMs) =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: limitMs });
    const end = (code: string | undefined) => {
      socket.destroy();
      resolve(code);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end("ETIMEDOUT"));
    socket.once("error", (error) => end(errnoOf(error) ?? "FAILED"));
  });
