export { createDistGit } from "./dist-git.ts";
export type { DistGitOptions } from "./repository.ts";
export { type ProjectHistory, readProjectHistory } from "./project-history.ts";
export { openRevision, type Revision } from "./revision.ts";
