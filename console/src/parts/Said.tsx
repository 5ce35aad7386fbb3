/** More of a text is not drawn: it would hold up the page, and nobody reads it there. */
const mostShown = 4000;

/** What somebody wrote, as text. */
export function Said({ text }: { text: string }) {
  if (text.length <= mostShown) return <>{text}</>;
  return (
    <>
      {text.slice(0, mostShown)}…{" "}
      <span class="quiet">({(text.length - mostShown).toLocaleString()} characters more)</span>
    </>
  );
}
