export { type Admit, type Asker, tableApp } from "../app.js";
export { cursorAt, readCursor } from "../cursor.js";
export { Reach } from "../reach.js";
export { invalid, told, unknown } from "../refusals.js";
export { type AnyRoute, route } from "../route.js";
export { messageFacts } from "../routes/messages.js";
export { accountQuery, cursorQuery, limitQuery, message, pageOf, time } from "../schemas.js";
export { apiTable } from "../table.js";
