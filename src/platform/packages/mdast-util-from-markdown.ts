export { fromMarkdown } from "mdast-util-from-markdown";
