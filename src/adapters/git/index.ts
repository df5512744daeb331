export { createDistGit } from "./dist-git.ts";
export type { DistGitOptions } from "./repository.ts";
