/** The value of a name that people chose: `constructor` and the like are names, too. @returns undefined where there is none */
export function ownValue<Value>(
  of: Readonly<Record<string, Value>> | undefined,
  key: string,
): Value | undefined {
  return of !== undefined && Object.hasOwn(of, key) ? of[key] : undefined;
}
