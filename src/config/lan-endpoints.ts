import { isIP } from "node:net";
import { resolveAgents } from "./agents.js";
import type { Config } from "./schema/config.js";

/** A place in the local network that the configuration names. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Addresses of private networks and of one link (RFC 1918, 3927, 4193, 4291). */
const privateAddress =
  /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/i;

/**
 * The models and web services of the configuration that are in the local network: macOS may keep a service from them while it
 * lets a terminal through (Local Network).
 */
export function lanEndpoints(config: Config): Endpoint[] {
  const urls = [
    ...Object.values(config.models.providers).map(({ baseUrl }) => baseUrl),
    ...resolveAgents(config).map(({ runtime }) => (runtime.type === "http" ? runtime.url : undefined)),
  ].filter((url) => url !== undefined);
  const found = new Map<string, Endpoint>();
  for (const url of urls) {
    const { hostname, port, protocol } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, "");
    if (!isInLan(host)) continue;
    const endpoint = { host, port: Number(port) || (protocol === "https:" ? 443 : 80) };
    found.set(JSON.stringify(endpoint), endpoint);
  }
  return [...found.values()];
}

function isInLan(host: string): boolean {
  if (isIP(host) > 0) return privateAddress.test(host);
  return host.endsWith(".local") || (!host.includes(".") && host !== "localhost");
}
