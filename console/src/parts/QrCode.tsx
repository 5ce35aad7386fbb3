import { encodeQr } from "../../../src/cli/qr/encode.js";

/** White around a code, modules: readers need it (ISO/IEC 18004). */
const quiet = 4;

/** A text for the camera of a phone; nothing where it is too long for a code. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const modules = encodeQr(text);
  if (!modules) return null;
  const size = modules.length + 2 * quiet;
  const dark = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])));
  return (
    <svg
      class="qr"
      viewBox={`${-quiet} ${-quiet} ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path class="ground" d={`M${-quiet} ${-quiet}h${size}v${size}h${-size}z`} />
      <path d={dark.join("")} />
    </svg>
  );
}
