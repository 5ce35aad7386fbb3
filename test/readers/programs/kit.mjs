// Reads a whole chat.db with @photon-ai/imessage-kit, under Bun. Prints one JSON value.
import { createRequire } from "node:module";

const [folder, databasePath] = process.argv.slice(2);
// It refuses to start anywhere but on a Mac; what it reads is a file like any other.
Object.defineProperty(process, "platform", { value: "darwin" });
const { IMessageSDK } = createRequire(import.meta.url)(folder);
const sdk = new IMessageSDK({ databasePath });
const messages = await sdk.getMessages({ limit: 100_000 });
const chats = await sdk.listChats({ limit: 100_000 });
await sdk.close();
console.log(JSON.stringify({ messages, chats }));
