const paths = {
  conversations: "M4 5h16v11H10l-4 4v-4H4z",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.200 3.200 0 0 1 0 6.200M18 14.5c2 .8 3.200 2.700 3.5 5.500",
  drafts: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  agents: "M5 9h14v10H5zM12 9V5M9 13v2M15 13v2",
  health: "M3 12h4l2.5-6 4 12 2.5-6h5",
  usage: "M5 20V11M10 20V5M15 20v-7M20 20V8",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside a word that says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
