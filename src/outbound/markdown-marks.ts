/** What every text with Markdown in it has; each takes time in proportion to the text, and none needs to be exact. */
const marks = [
  /[*~`].*[*~`]/s, // emphasis, strikethrough, code
  /(?<![\p{L}\p{N}])_[^\s]/u, // emphasis; an underscore inside a word is none
  /^ {0,3}(#{1,6}(\s|$)|>|[-+*]\s|[-+*]$|=+[ \t]*$|-{2,}[ \t]*$|([-*_] *){3,}$)/m, // headings, quotes, lists, rules
  /^[ \t]*(\n[ \t]*|[ \t])([-+*]|\d+[.)])\s/m, // nested lists, numbered ones below a blank line
  /^ {0,3}\d+[.)][ \t]+(\[[ xX]\]|[-+*]\s)/m, // tasks and lists in numbered lists
  /\]\s?[([:]/, // links, images, definitions
  /^(?=[ |:\t]*-)[ |:\t-]+$/m, // the row below the head of a table
  /<[a-z/!?]/i, // tags, addresses
  /&(#\w+|\w+);/, // entities
  /\\[!-/:-@[-`{-~\n]/, // escapes
];

/** Whether a text may be Markdown, so that it is worth parsing. */
export function hasMarkdown(text: string): boolean {
  return marks.some((mark) => mark.test(text));
}
