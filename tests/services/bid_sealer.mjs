// A bidder's browser, and a member's, without the browser: what they do is asked for line by line.
import { createInterface } from "node:readline";
import * as sealing from "./sealing.js";

const answers = {
  async seal({ contents, binding, committee }) {
    const files = contents.files.map((each) => ({ ...each, content: sealing.bytes(each.content) }));
    const made = await sealing.seal({ ...contents, files }, binding, committee);
    return { ...made, sealed: sealing.hex(made.sealed) };
  },
  async keys({ password }) {
    const { publicKey, file } = await sealing.makeKeys(password);
    return { publicKey, file };
  },
  async open({ share, file, password, bound }) {
    const keys = await sealing.readKeyFile(file, password);
    return { share: sealing.hex(await sealing.openShare(share, keys, bound)) };
  },
  async digest({ committee }) {
    return { digest: await sealing.committeeDigest(committee) };
  },
  async packed({ contents }) {
    const files = contents.files.map((each) => ({ ...each, content: sealing.bytes(each.content) }));
    return { packed: sealing.hex(sealing.packed({ ...contents, files })) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { ask, ...given } = JSON.parse(line);
  let told;
  try {
    told = await answers[ask](given);
  } catch (error) {
    told = { refused: error.code ?? String(error) };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
