export { jsonSchema } from "./json-schema.js";
export { referenceFields, referencePage } from "./markdown.js";
