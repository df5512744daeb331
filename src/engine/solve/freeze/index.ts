export { freezeQuestion } from "./freeze.ts";
