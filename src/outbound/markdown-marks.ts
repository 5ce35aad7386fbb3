/** What every text with Markdown in it has; each is cheap, and none needs to be exact. */
const marks = [
  /[*~`].*[*~`]/s, // emphasis, strikethrough, code
  /(?<![\p{L}\p{N}])_[^\s]/u, // emphasis; an underscore inside a word is none
  /^ {0,3}(#{1,6}(\s|$)|>|[-+*]\s|[-+*]$|=+\s*$|-{2,}\s*$|([-*_] *){3,}$)/m, // headings, quotes, lists, rules
  /^\s+([-+*]|\d+[.)])\s/m, // nested lists
  /^ {0,3}\d+[.)]\s+(\[[ xX]\]|[-+*]\s)/m, // tasks and lists in numbered lists
  /\]\s?[([:]/, // links, images, definitions
  /^.*\|.*\n[ |:\t-]*-[ |:\t-]*$/m, // tables
  /<[a-z/!?]/i, // tags, addresses
  /&(#\w+|\w+);/, // entities
  /\\[!-/:-@[-`{-~\n]/, // escapes
];

/** Whether a text may be Markdown, so that it is worth parsing. */
export function hasMarkdown(text: string): boolean {
  return marks.some((mark) => mark.test(text));
}
