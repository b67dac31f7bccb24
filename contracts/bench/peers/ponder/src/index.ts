import { ponder } from "ponder:registry";
import { fact, latest, total } from "ponder:schema";

ponder.on("FlatLoad:Recorded", async ({ event, context }) => {
  const { id, party, evidence, amount, seq, due, currency } = event.args;
  await context.db.insert(fact).values({
    block_number: event.block.number,
    log_index: event.log.logIndex,
    tx_hash: event.transaction.hash,
    id,
    party,
    evidence,
    amount_minor: amount,
    seq,
    due: BigInt(due),
    currency,
  });
  await context.db
    .insert(latest)
    .values({ id, party, amount_minor: amount })
    .onConflictDoUpdate({ party, amount_minor: amount });
  await context.db
    .insert(total)
    .values({ party, amount_minor: amount })
    .onConflictDoUpdate((row) => ({ amount_minor: row.amount_minor + amount }));
});
