import { useSignal } from "@preact/signals";

/** The command that does the same as the buttons beside it. */
export function Command({ line }: { line: string }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    isCopied.value = true;
    setTimeout(() => {
      isCopied.value = false;
    }, 1500);
  };
  return (
    <p class="command">
      <code>{line}</code>
      <button type="button" class="plain" onClick={copy} aria-label="Copy the command">
        {isCopied.value ? "Copied" : "Copy"}
      </button>
    </p>
  );
}
