// One writer process on Emmett's PostgreSQL store. Speaks the lines of tests/benchmarks/writer.py:
// `ready`, then for each line of seconds read, one JSON line of what was done.
// `install` as the third argument creates the store's schema and ends.

import { createInterface } from "node:readline";
import { randomUUID } from "node:crypto";
import { DeciderCommandHandler, IllegalStateError } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore } from "@event-driven-io/emmett-postgresql";

const [connectionString, text, eventsPerStream, mode] = process.argv.slice(2);

const initialState = () => ({ isOpen: false, messages: 0 });

const decide = (command, state) => {
  switch (command.type) {
    case "OpenCase":
      if (state.isOpen) throw new IllegalStateError("already open");
      return { type: "Opened", data: command.data };
    case "WriteToAuthority":
      if (!state.isOpen) throw new IllegalStateError("not open");
      return { type: "PartyWrote", data: command.data };
  }
};

const evolve = (state, event) => {
  switch (event.type) {
    case "Opened":
      return { ...state, isOpen: true };
    case "PartyWrote":
      return { ...state, messages: state.messages + 1 };
    default:
      return state;
  }
};

const handle = DeciderCommandHandler({ decide, evolve, initialState });

const command = (step) =>
  step === 0
    ? { type: "OpenCase", data: { reference: "HJ-2026-000001", subject: text } }
    : { type: "WriteToAuthority", data: { message: randomUUID(), text } };

const writeFor = async (store, seconds) => {
  const microseconds = [];
  const began = process.hrtime.bigint();
  const until = began + BigInt(Math.round(seconds * 1e9));
  let before = began;
  while (before < until) {
    const stream = `case-${randomUUID()}`;
    for (let step = 0; step < Number(eventsPerStream) && before < until; step += 1) {
      await handle(store, stream, command(step));
      const after = process.hrtime.bigint();
      microseconds.push(Number((after - before) / 1000n));
      before = after;
    }
  }
  return { seconds: Number(before - began) / 1e9, microseconds };
};

if (mode === "install") {
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  await store.close();
} else {
  // The schema is there; looking for it at the first append would only disturb the other writers.
  const store = getPostgreSQLEventStore(connectionString, { schema: { autoMigration: "None" } });
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await writeFor(store, Number(line))));
  }
  await store.close();
}
