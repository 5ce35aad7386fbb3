import { type RemoteMac, type Way, wayOf } from "../../bridge/index.js";
import { type Account, expandHome } from "../../config/index.js";

/** How an account's imsg is reached: over ssh when `remoteHost` says so, or its wrapper script (behaviour 7.3, 7.4). */
export function wayTo(
  { cliPath, remoteHost }: Account,
  home: string,
  env: Record<string, string | undefined> = process.env,
): Way {
  const way = wayOf(expandHome(cliPath, home), home, env);
  if (remoteHost === undefined) return way;
  return {
    mac: named(remoteHost, way.mac),
    argumentReader: way.argumentReader === "shell" ? "shell" : "unknown",
  };
}

/** What the wrapper knows of the same host, a port or a key, holds for copies too. */
function named(remoteHost: string, wrapper: RemoteMac | undefined): RemoteMac {
  const [user, host] = split(remoteHost);
  const [wrapperUser, wrapperHost] = split(wrapper?.host ?? "");
  if (wrapper === undefined || host !== wrapperHost) return { host: remoteHost, options: [] };
  const login = user ?? wrapperUser;
  return { host: login === undefined ? host : `${login}@${host}`, options: wrapper.options };
}

function split(place: string): [user: string | undefined, host: string] {
  const cut = place.lastIndexOf("@");
  return [cut === -1 ? undefined : place.slice(0, cut), place.slice(cut + 1)];
}
