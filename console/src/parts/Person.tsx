import { names } from "../state/names.js";

/** Somebody by the name that the gateway knows, with the handle beside it. */
export function Person({ handle }: { handle: string }) {
  const name = names.value.get(handle);
  if (name === undefined) return <bdi>{handle}</bdi>;
  return (
    <span>
      <bdi>{name}</bdi> <bdi class="quiet">{handle}</bdi>
    </span>
  );
}
