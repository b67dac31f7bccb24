"use strict";

const { Column, Entity, PrimaryColumn } = require("typeorm");

/** What a decorator would say, for plain JavaScript: name of a column → its type. */
function entity(kind, name, columns) {
  PrimaryColumn({ type: "text" })(kind.prototype, "id");
  for (const [column, type] of Object.entries(columns)) {
    Column({ type, name: column })(kind.prototype, column);
  }
  Entity(name)(kind);
  return kind;
}

class Fact {}
class Latest {}
class Total {}

exports.Fact = entity(Fact, "fact", {
  block_number: "int4",
  log_index: "int4",
  tx_hash: "text",
  number: "int8",
  party: "text",
  evidence: "text",
  amount_minor: "int8",
  seq: "int8",
  due: "int8",
  currency: "int4",
});
exports.Latest = entity(Latest, "latest", { party: "text", amount_minor: "int8" });
exports.Total = entity(Total, "total", { amount_minor: "int8" });

exports.TABLES = `
  CREATE TABLE fact (
    id text PRIMARY KEY, block_number int4 NOT NULL, log_index int4 NOT NULL, tx_hash text NOT NULL,
    number int8 NOT NULL, party text NOT NULL, evidence text NOT NULL, amount_minor int8 NOT NULL,
    seq int8 NOT NULL, due int8 NOT NULL, currency int4 NOT NULL
  );
  CREATE TABLE latest (id text PRIMARY KEY, party text NOT NULL, amount_minor int8 NOT NULL);
  CREATE TABLE total (id text PRIMARY KEY, amount_minor int8 NOT NULL);
`;
