/** What is played in `npm run test:long` alone: `it(name, { tags: ["long"] }, …)`. */
export const longTag = { name: "long", description: "Lives with programs for many seconds." };
