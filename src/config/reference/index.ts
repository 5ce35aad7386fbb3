export { jsonSchema } from "./json-schema.js";
export { type ReferenceField, referenceFields, referencePage } from "./markdown.js";
