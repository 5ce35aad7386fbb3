import { ImsgMac, type MacAccess, type StartImsg } from "../../bridge/index.js";
import { type Account, expandHome } from "../../config/index.js";
import { wayTo } from "./remote-mac.js";

/**
 * Gives the way to an account's Mac: the one place that chooses the kind of bridge. `dbPath` names a file on the Mac when
 * the account is remote (behaviour 1.1).
 * @param start starts imsg in another way than as the program at `cliPath`
 * @param mayWrite asked right before each call that changes something; absent: it always may
 * @param env of the programs that are started (behaviour 17.2); that of this process when absent
 */
export function macOf(
  account: Account,
  home: string,
  env?: Record<string, string | undefined>,
  start?: StartImsg,
  mayWrite?: () => boolean,
): MacAccess {
  const { cliPath, dbPath } = account;
  const { mac, argumentReader } = wayTo(account, home, env);
  const command = {
    cliPath: expandHome(cliPath, home),
    argumentReader,
    env,
    ...{ start, mayWrite },
    ...(dbPath !== undefined && { dbPath: mac ? dbPath : expandHome(dbPath, home) }),
  };
  return new ImsgMac(command, mac);
}
