export { type Capability, leavesOf, parseCapability, parseRich, type Rich } from "../../formats/rpm/index.ts";
