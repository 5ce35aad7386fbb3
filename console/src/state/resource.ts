import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { askedAgain, type Refused } from "./ask.js";
import { changes, type Topic } from "./live.js";

/** Something that is shown as the gateway has it now. */
export interface Resource<Value> {
  value: Value | undefined;
  /** Why the newest could not be read; what was read before is shown on. */
  refused: Refused | undefined;
  /** Reads it anew. */
  again(): void;
}

/** So many times as long as a read took nothing is read anew: what is slow to tell takes a fifth of the gateway's time, whatever happens. */
const restFactor = 4;

/** What is read, and what goes on. */
interface Reading<Value> {
  key: string;
  load: () => Promise<Value>;
  isReading: boolean;
  /** Something changed while it was read. */
  isStale: boolean;
  /** What was read last, and until when it is not read anew. */
  rest: { key: string; until: number; timer?: ReturnType<typeof setTimeout> | undefined };
}

/**
 * Reads something, and reads it anew when one of its topics changes.
 * @param key changes with what is read
 */
export function useResource<Value>(
  key: string,
  load: () => Promise<Value>,
  topics: Topic[],
): Resource<Value> {
  const value = useSignal<Value | undefined>(undefined);
  const refused = useSignal<Refused | undefined>(undefined);
  const reading = useRef<Reading<Value>>({
    ...{ key, load, isReading: false, isStale: false },
    rest: { key: "", until: 0 },
  });
  if (reading.current.key !== key) value.value = undefined;
  Object.assign(reading.current, { key, load });
  const again = () => {
    const state = reading.current;
    // One request at a time: a burst of changes is read once more at its end.
    if (state.isReading) {
      state.isStale = true;
      return;
    }
    const { rest } = state;
    const begun = performance.now();
    if (rest.key === state.key && begun < rest.until) {
      rest.timer ??= setTimeout(() => {
        rest.timer = undefined;
        again();
      }, rest.until - begun);
      return;
    }
    state.isReading = true;
    state.isStale = false;
    const asked = state.key;
    state
      .load()
      .then((read) => {
        if (asked !== state.key) return;
        value.value = read;
        refused.value = undefined;
      })
      .catch((error) => {
        if (asked === state.key) refused.value = askedAgain(error);
      })
      .finally(() => {
        const now = performance.now();
        Object.assign(rest, { key: asked, until: now + (now - begun) * restFactor });
        state.isReading = false;
        if (state.isStale || asked !== state.key) again();
      });
  };
  useEffect(again, [key]);
  useSignalEffect(() => {
    let count = 0;
    for (const topic of topics) count += changes[topic].value ?? 0;
    if (count > 0) again();
  });
  return { value: value.value, refused: refused.value, again };
}
