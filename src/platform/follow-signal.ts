import { setMaxListeners } from "node:events";

/**
 * Has a controller end with the first of some signals that outlive it. `AbortSignal.any` does the same, but leaves something behind at
 * each call for as long as its longest signal lives (Node 20).
 * @returns ends that; called when the controller is not needed any more
 */
export function follow(controller: AbortController, ...signals: AbortSignal[]): () => void {
  const end = () => controller.abort();
  if (signals.some(({ aborted }) => aborted)) end();
  // Any number may follow one signal, and each removes its listener: no leak to be warned of.
  setMaxListeners(0, ...signals);
  for (const signal of signals) signal.addEventListener("abort", end, { once: true });
  return () => {
    for (const signal of signals) signal.removeEventListener("abort", end);
  };
}
