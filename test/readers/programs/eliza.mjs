// Reads a whole chat.db with the reader of @elizaos/plugin-imessage, under Bun. Prints one JSON value.
const [folder, databasePath] = process.argv.slice(2);
const { openChatDb } = await import(`${folder}/dist/chatdb-reader.js`);
const reader = await openChatDb(databasePath);
const messages = reader.fetchNewMessages(0, 100_000);
const chats = reader.listChats();
reader.close();
console.log(JSON.stringify({ messages, chats }));
