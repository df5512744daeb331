export { parseDockerfile } from "./parse.ts";
export { type PackageCommand, type PackageOption, readPackageCommand } from "./package-command.ts";
export type * from "./types.ts";
