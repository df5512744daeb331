/** Options that every command takes. */
export interface GlobalOptions {
  readonly output: "table" | "json" | "markdown";
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly progress: "auto" | "tree" | "plain" | "json" | "none";
  readonly failOn: string | undefined;
  readonly dryRun: boolean;
  readonly network: boolean;
}

/** Those options out of all that were given, by their names in camelCase. */
export function globalsOf(values: Readonly<Record<string, unknown>>): GlobalOptions {
  return {
    output: values.output as GlobalOptions["output"],
    progress: values.progress as GlobalOptions["progress"],
    failOn: typeof values.failOn === "string" ? values.failOn : undefined,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    dryRun: values.dryRun === true,
    network: values.network === true,
  };
}
