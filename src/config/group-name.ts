/** @returns the name in an entry `accessGroup:NAME` of a list of people; undefined for any other entry */
export function groupNameIn(entry: string): string | undefined {
  return /^\s*accessGroup:\s*(.*?)\s*$/i.exec(entry)?.[1];
}
