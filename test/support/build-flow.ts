// Builds the library and the program in the folder named by the first argument; prints the digests as JSON. Run as a process of its own.
import { candidatesOf, digestsOf, flow, gauge, hostBuilds } from "./flow-components.ts";

const [folder = ""] = process.argv.slice(2);
const { build } = await hostBuilds(folder);
const first = await build(flow);
const second = await build(gauge, await candidatesOf(first));
console.log(JSON.stringify({ ...digestsOf(first), ...digestsOf(second) }));
