import type { RepositorySource } from "./types.ts";

/** What a source is, whatever it lies on: the part that does not come from repomd.xml. */
export type Traits = Pick<
  RepositorySource,
  | "id"
  | "name"
  | "address"
  | "priority"
  | "cost"
  | "excludes"
  | "includepkgs"
  | "moduleHotfixes"
  | "gpgcheck"
  | "gpgkeys"
> & {
  readonly repoGpgcheck: boolean;
  readonly metadataExpire: number | undefined;
};

/** Those of a spec that says no more than where the repository is. It is asked for news each time. */
export function plainTraits(id: string, address: string): Traits {
  return {
    id,
    name: undefined,
    address,
    priority: 99,
    cost: 1000,
    excludes: [],
    includepkgs: [],
    moduleHotfixes: false,
    gpgcheck: false,
    gpgkeys: [],
    repoGpgcheck: false,
    metadataExpire: 0,
  };
}
