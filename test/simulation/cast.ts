/** Who there is: `owner` may command, guests are let in at the beginning, strangers are not. */
export const owner = "+15550100001";
export const guests = ["+15550100011", "+15550100012", "kim@example.com", "+15550100014"];
export const strangers = ["+15550100091", "sam@example.org"];
export const everybody = [owner, ...guests, ...strangers];
export const account = "bot@example.com";

/** Members of the groups; the first is configured, the second is not. */
export const groups = [
  [guests[0]!, guests[1]!, owner],
  [guests[2]!, strangers[0]!],
];

/** The versions of imsg that `--profile` names. */
export const profiles: Record<string, string> = {
  "0.9": "0.9.0",
  "0.14": "0.14.0",
  "0.15": "0.15.10",
  "0.19": "0.19.1",
};
