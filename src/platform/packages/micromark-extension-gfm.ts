export { gfm } from "micromark-extension-gfm";
