import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

/** Where the reader is: `#/inbox/12?show=dropped`. */
export const place = computed(() => {
  const [path = "", search = ""] = hash.value.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/").map((part) => decodeURIComponent(part));
  return { page: page || "conversations", rest, query: new URLSearchParams(search) };
});

/** @returns the address of a page @param query what is empty is left out */
export function to(path: string[], query: Record<string, string | undefined> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(given).toString();
  return `#/${path.map((part) => encodeURIComponent(part)).join("/")}${search === "" ? "" : `?${search}`}`;
}

/** Goes to a page. */
export function go(path: string[], query: Record<string, string | undefined> = {}): void {
  location.hash = to(path, query);
}
