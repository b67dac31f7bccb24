"use strict";

const { event, indexed } = require("@subsquid/evm-abi");
const p = require("@subsquid/evm-codec");
const { EvmBatchProcessor } = require("@subsquid/evm-processor");
const { TypeormDatabase } = require("@subsquid/typeorm-store");
const { Client } = require("pg");

const { Fact, Latest, TABLES, Total } = require("./lib/model");

const contract = process.env.BENCH_CONTRACT.toLowerCase();
const recorded = event(
  process.env.BENCH_TOPIC0,
  "Recorded(uint64,address,bytes32,uint64,uint64,uint40,uint16)",
  {
    id: indexed(p.uint64),
    party: indexed(p.address),
    evidence: indexed(p.bytes32),
    amount: p.uint64,
    seq: p.uint64,
    due: p.uint40,
    currency: p.uint16,
  },
);

const processor = new EvmBatchProcessor()
  .setRpcEndpoint({ url: process.env.BENCH_RPC_URL, maxBatchCallSize: 100 })
  .setFinalityConfirmation(10)
  .setBlockRange({ from: Number(process.env.BENCH_FIRST_BLOCK), to: Number(process.env.BENCH_LAST_BLOCK) })
  .setFields({ log: { topics: true, data: true, transactionHash: true } })
  .addLog({ address: [contract], topic0: [recorded.topic] });

const totals = new Map();

async function write(ctx) {
  const facts = [];
  const latest = new Map();
  const touched = new Map();
  for (const block of ctx.blocks) {
    for (const log of block.logs) {
      if (log.address !== contract) continue;
      const said = recorded.decode(log);
      facts.push(
        Object.assign(new Fact(), {
          id: log.id,
          block_number: block.header.height,
          log_index: log.logIndex,
          tx_hash: log.transactionHash,
          number: said.id,
          party: said.party,
          evidence: said.evidence,
          amount_minor: said.amount,
          seq: said.seq,
          due: said.due,
          currency: said.currency,
        }),
      );
      const id = said.id.toString();
      latest.set(id, Object.assign(new Latest(), { id, party: said.party, amount_minor: said.amount }));
      let total = totals.get(said.party);
      if (total === undefined) {
        total = Object.assign(new Total(), { id: said.party, amount_minor: 0n });
        totals.set(said.party, total);
      }
      total.amount_minor += said.amount;
      touched.set(said.party, total);
    }
  }
  await ctx.store.insert(facts);
  await ctx.store.upsert([...latest.values()]);
  await ctx.store.upsert([...touched.values()]);
}

async function main() {
  const client = new Client({ connectionString: process.env.BENCH_DATABASE });
  await client.connect();
  await client.query(TABLES);
  await client.end();
  const started = process.hrtime.bigint();
  process.on("exit", () => {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    process.stdout.write(`${JSON.stringify({ seconds: { all: seconds } })}\n`);
  });
  processor.run(new TypeormDatabase({ supportHotBlocks: false }), write);
}

void main();
