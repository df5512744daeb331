export { type FrozenQuestion, freezeQuestion } from "./freeze.ts";
