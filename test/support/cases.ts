/**
 * Cases of a test that lives with programs: some of them in `npm test`, all of them in `npm run test:long`.
 * @param all every case
 * @param some how many of them, from the first on, `npm test` plays
 */
export function casesOf<Case>(all: readonly Case[], some: number): Case[] {
  return all.slice(0, process.env.TAPBACK_ALL_CASES ? all.length : some);
}
