import type { Signal } from "@preact/signals";

/** Something that is chosen, or not. */
export function Option({ of, children }: { of: Signal<boolean>; children: string }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={of.value}
        onChange={({ currentTarget }) => (of.value = currentTarget.checked)}
      />
      {children}
    </label>
  );
}

/** A line that somebody writes, under its name. */
export function TextField({
  label,
  of,
  isNeeded,
}: {
  label: string;
  of: Signal<string>;
  isNeeded?: boolean;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        required={isNeeded}
        autocomplete="off"
        value={of.value}
        onInput={({ currentTarget }) => (of.value = currentTarget.value)}
      />
    </label>
  );
}

/** Words that are looked for. @param label what a screen reader calls it */
export function SearchField({
  label,
  of,
  onEmptied,
}: {
  label: string;
  of: Signal<string>;
  onEmptied?: () => void;
}) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder="Search"
      value={of.value}
      onInput={({ currentTarget }) => {
        of.value = currentTarget.value;
        // The cross in the field empties it.
        if (currentTarget.value === "") onEmptied?.();
      }}
    />
  );
}
