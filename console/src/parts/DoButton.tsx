import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Refused } from "../state/ask.js";
import { Trouble } from "./Trouble.js";

export interface DoButtonProps {
  act: () => Promise<unknown>;
  kind?: "main" | "plain";
  /** Asked before it is done: what it says the second time. */
  ask?: string;
  /** What a screen reader says in the place of the words. */
  label?: string;
  disabled?: boolean;
  children: ComponentChildren;
}

/** A button that does something, once at a time, and tells why where it could not. */
export function DoButton({ act, kind, ask, label, disabled, children }: DoButtonProps) {
  const isBusy = useSignal(false);
  const isAsked = useSignal(false);
  const refused = useSignal<Refused | undefined>(undefined);
  const onClick = async () => {
    if (ask && !isAsked.value) {
      isAsked.value = true;
      return;
    }
    isBusy.value = true;
    refused.value = undefined;
    try {
      await act();
    } catch (error) {
      refused.value = error as Refused;
    }
    isBusy.value = false;
    isAsked.value = false;
  };
  return (
    <>
      <button
        type="button"
        class={kind}
        aria-label={isAsked.value ? undefined : label}
        disabled={disabled || isBusy.value}
        onClick={onClick}
        onBlur={() => {
          isAsked.value = false;
        }}
      >
        {isAsked.value ? ask : children}
      </button>
      <Trouble of={refused.value} />
    </>
  );
}
