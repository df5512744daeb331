export { candidatesOf, checkPool, checkUniverse, type Verdict } from "./check.ts";
export { Universe } from "./universe.ts";
