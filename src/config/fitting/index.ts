export { substitute } from "../check/substitute.js";
export { render } from "../edit/render.js";
export { addressProblem } from "../schema/addresses.js";
export { fitMoves } from "./fit.js";
export {
  isTree,
  listOf,
  type Move,
  movesOf,
  type ReportEntry,
  type Tree,
  treeOf,
  without,
} from "./moves.js";
export { fillIn, missingIn, numberFor, whyUnset, withTheirVariables, withValues } from "./variables.js";
