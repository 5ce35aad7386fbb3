/**
 * The order of two versions by their three numbers; what comes behind them, as `-beta.1`, does not count.
 * @returns below 0 where the first is older, above 0 where it is newer, 0 where they are the same
 */
export function compareVersions(one: string, other: string): number {
  const numbers = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [first, second] = [numbers(one), numbers(other)];
  return (
    first.map((number, place) => number - (second[place] ?? 0)).find((difference) => difference !== 0) ?? 0
  );
}
