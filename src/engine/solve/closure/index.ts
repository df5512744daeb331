export { candidatesOf, checkPool, checkUniverse, type Verdict } from "./check.ts";
export { type Recheck, recheckPool } from "./recheck.ts";
export { type BrokenPackage, type ClosureCause, type ToldPackage, tellClosure } from "./story.ts";
export { type Deaths, propagateDeaths } from "./propagate.ts";
export { Chooser } from "./chooser.ts";
export { Cones } from "./cones.ts";
export { Formula } from "./formula.ts";
export { Universe } from "./universe.ts";
export {
  type ClosureChange,
  type ClosureRepository,
  type RepoclosureDocument,
  type RepoclosureOptions,
  repoclosure,
} from "./document.ts";
export { keepNewest } from "./newest.ts";
