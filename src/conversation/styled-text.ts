/** What Messages can show of a text's form, with the private API (protocol reference 3.5). */
export type TextStyle = "bold" | "italic" | "underline" | "strikethrough";

/** A stretch of a text that is shown in some styles; offsets in UTF-16 code units. */
export interface StyledRun {
  start: number;
  length: number;
  styles: TextStyle[];
}
