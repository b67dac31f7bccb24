import { onchainTable, primaryKey } from "ponder";

export const fact = onchainTable(
  "fact",
  (t) => ({
    block_number: t.bigint().notNull(),
    log_index: t.integer().notNull(),
    tx_hash: t.hex().notNull(),
    id: t.bigint().notNull(),
    party: t.hex().notNull(),
    evidence: t.hex().notNull(),
    amount_minor: t.bigint().notNull(),
    seq: t.bigint().notNull(),
    due: t.bigint().notNull(),
    currency: t.integer().notNull(),
  }),
  (table) => ({ pk: primaryKey({ columns: [table.block_number, table.log_index] }) }),
);

export const latest = onchainTable("latest", (t) => ({
  id: t.bigint().primaryKey(),
  party: t.hex().notNull(),
  amount_minor: t.bigint().notNull(),
}));

export const total = onchainTable("total", (t) => ({
  party: t.hex().primaryKey(),
  amount_minor: t.bigint().notNull(),
}));
