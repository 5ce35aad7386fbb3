import { now } from "../state/live.js";

/** How long ago something happened; the exact time stands behind it. */
export function Ago({ at }: { at: string | null }) {
  if (at === null) return <span class="quiet">never</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {age(Math.max(0, now.value - date.getTime()), date)}
    </time>
  );
}

function age(ms: number, date: Date): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 10) return "now";
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
}

/** The time of day. */
export function Clock({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toLocaleString()}>
      {date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}
