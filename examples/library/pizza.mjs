// A pizza bot: a gateway in your own program, with a function as its agent. It takes your configuration and your state, so
// it runs in the place of `tapback gateway`:
//
//   npm install tapback
//   node pizza.mjs +15550100123    # the owner, who is told once a day that it is open
import { createGateway } from "tapback";

const [owner] = process.argv.slice(2);

const gateway = createGateway({
  agents: {
    main: async (turn) => {
      // By a poll where Messages has them. After a crash this turn runs again, and nobody is asked twice.
      const answer = await turn.ask("Which pizza?", ["Margherita", "Funghi", "Diavola"]);
      if (!("choice" in answer)) return "Another time, then.";
      const pizzas = (turn.session?.pizzas ?? 0) + 1;
      turn.remember({ pizzas });
      return `Your **${answer.choice}** is in the oven. That is pizza number ${pizzas}.`;
    },
  },
});

// Whoever listens before the start misses nothing of it. The streams end with the gateway.
const tell = async () => {
  for await (const event of gateway.events(["decision", "turn", "sent"]))
    if (event.type === "decision") console.log(`${event.message.sender}: ${event.decision.kind}`);
    else if (event.type === "turn") console.log(`turn of ${event.agentId}: ${event.state}`);
    else console.log(`sent ${event.text}: ${event.state}`);
};
const open = async () => {
  for await (const { state } of gateway.events("health")) if (state === "live") return;
};

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void gateway.stop());

const over = tell();
const opened = open();
await gateway.start();
await opened;
console.log("open");
if (owner !== undefined) {
  const day = new Date().toISOString().slice(0, 10);
  const { state } = await gateway.send({ to: owner, text: "The oven is hot.", key: `open ${day}` });
  console.log(`owner: ${state}`);
}
await over;
