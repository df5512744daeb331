export { checkPool } from "./check.ts";
export { Chooser } from "./chooser.ts";
export { Cones } from "./cones.ts";
export {
  type ClosureChange,
  type ClosureRepository,
  type RepoclosureDocument,
  repoclosure,
} from "./document.ts";
export { Formula } from "./formula.ts";
export { keepNewest } from "./newest.ts";
export { propagateDeaths } from "./propagate.ts";
export { recheckPool } from "./recheck.ts";
export { type BrokenPackage, type ClosureCause, tellClosure } from "./story.ts";
export { Universe } from "./universe.ts";
