// Reads one repository into a pool that can be solved over, and says how large it is. `--low-memory` takes less and longer.
import { loadPool } from "../src/engine/pool/index.ts";
import { needEntry, readRepomd } from "../src/formats/rpmmd/index.ts";
import { compileForShortRun } from "../src/cli/short-run.ts";

const [root = "", mode] = process.argv.slice(2);
const entry = needEntry(await readRepomd(root), "primary", root);
const { pool } = await loadPool([{ id: "r", primary: { entry, path: `${root}/${entry.location}` } }], {
  arch: "x86_64",
  lowMemory: mode === "--low-memory",
  beforeReading: compileForShortRun,
});
process.stdout.write(`${pool.columns.count - 2} packages\n`);
