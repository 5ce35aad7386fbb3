export { gfmFromMarkdown } from "mdast-util-gfm";
