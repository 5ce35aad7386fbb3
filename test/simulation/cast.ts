/** Who there is: `owner` may command, guests are let in at the beginning, strangers are not. */
export const owner = "+15550100001";
export const guests = ["+15550100011", "+15550100012", "kim@example.com", "+15550100014"];
export const strangers = ["+15550100091", "sam@example.org"];
export const everybody = [owner, ...guests, ...strangers];
export const account = "bot@example.com";

/** Accounts of the gateway, each with the program that leads to its Mac; most runs have the first alone. */
export const accounts = [
  { id: "default", cliPath: "imsg" },
  { id: "second", cliPath: "imsg-two" },
] as const;

/** Whose turns of a day are limited, and whose tokens; in runs that limit them. */
export const limitedByTurns = guests[3]!;
export const limitedByTokens = guests[2]!;
/** What each run of an agent costs. */
export const tokensPerTurn = 100;

/** Which groups there are on each Mac: served, left out of the configuration, served when the agent is mentioned, read along. */
export const groups = [
  [guests[0]!, guests[1]!, owner],
  [guests[2]!, strangers[0]!],
  [guests[1]!, guests[3]!, owner],
  [guests[0]!, guests[2]!, owner],
];
export const served = 0;
export const unlisted = 1;
export const mentioned = 2;
export const readAlong = 3;
/** Groups in which nobody is answered who does not mention the agent. */
export const byMention: readonly number[] = [mentioned, readAlong];
/** How the agent is mentioned. */
export const mention = "@tapback";

/** The versions of imsg that `--profile` names. */
export const profiles: Record<string, string> = {
  "0.9": "0.9.0",
  "0.14": "0.14.0",
  "0.15": "0.15.10",
  "0.19": "0.19.1",
};

/** Which Mac an account is on. */
export function macOfAccount(id: string): number {
  return accounts.findIndex((each) => each.id === id);
}

/** @returns which Mac a program leads to; one that no account names leads to the first */
export function macOfProgram(cliPath: string): number {
  return Math.max(
    0,
    accounts.findIndex((each) => each.cliPath === cliPath),
  );
}
