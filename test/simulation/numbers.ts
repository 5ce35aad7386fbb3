/** Numbers of chats and rows are small and the same on each Mac; here each Mac's begin at a place of their own. */
const perMac = 1_000_000;

/** The number by which the run knows a chat or a row. @param mac which Mac, the first is 0 @param id its `ROWID` */
export function numberOf(mac: number, id: number): number {
  return mac * perMac + id;
}

/** What a number stands for. */
export function placeOf(number: number): { mac: number; id: number } {
  return { mac: Math.floor(number / perMac), id: number % perMac };
}
