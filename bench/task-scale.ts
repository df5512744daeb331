// Times a repository in a folder: reading it into a pool, loading that as kept, judging every package, solving requests. Prints JSON; CPU milliseconds.
import { loadPool } from "../src/engine/pool/index.ts";
import { checkPool } from "../src/engine/solve/closure/index.ts";
import { ask } from "../src/engine/solve/index.ts";
import { needEntry, readRepomd } from "../src/formats/rpmmd/index.ts";

const requests = 100;
const [root = "", cacheFolder = ""] = process.argv.slice(2);
const entry = needEntry(await readRepomd(root), "primary", root);
const source = { id: "r", primary: { entry, path: `${root}/${entry.location}` } };
const cpu: Record<string, number> = {};
const timed = async <T>(name: string, work: () => T | Promise<T>): Promise<T> => {
  const start = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(start);
  cpu[name] = (user + system) / 1000;
  return result;
};
const read = await timed("read", () => loadPool([source], { arch: "x86_64", cacheFolder }));
await read.save();
const { pool } = await timed("load", () => loadPool([source], { arch: "x86_64", cacheFolder }));
const { broken } = await timed("judge", () => checkPool(pool));
const good = Array.from({ length: pool.columns.count - 2 }, (_, index) => index + 2).filter((pkg) => broken[pkg] !== 1);
const stride = Math.max(1, Math.floor(good.length / requests));
let installs = 0;
let refused = 0;
await timed("solve", () => {
  for (let index = 0; index < good.length && index < stride * requests; index += stride) {
    const text = pool.columns.strings.text(pool.columns.name[good[index] as number] as number);
    const answer = ask(
      pool,
      { wishes: [{ action: "install", text }], weak: false, exclude: [], groups: [] },
      { hints: false },
    );
    if (answer.problems.length > 0) refused++;
    else installs += answer.result.packages.length;
  }
});
process.stdout.write(
  JSON.stringify({
    packages: pool.columns.count - 2,
    broken: pool.columns.count - 2 - good.length,
    refused,
    installs,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    cpu,
  }),
);
