import { isIP } from "node:net";

/**
 * Whether the header `Host` can be a request to this gateway: an address, `localhost`, or the name that it listens on. Any other
 * name may be a stranger's that was led to this machine, to make a browser a way in (DNS rebinding).
 * @param header as sent
 * @param host that the gateway listens on
 */
export function isOwnHost(header: string | null, host: string): boolean {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(header ?? "") ?? [];
  const named = (bracketed ?? plain)?.toLowerCase();
  if (named === undefined || named === "") return false;
  return isIP(named) !== 0 || named === "localhost" || named === host.toLowerCase();
}
