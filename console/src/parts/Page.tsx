import type { ComponentChildren } from "preact";

/** A page with its title. */
export function Page({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <>
      <header class="page-head">
        <h1>{title}</h1>
        {aside}
      </header>
      {children}
    </>
  );
}

/** What a page says that has nothing to show. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
