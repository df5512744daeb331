import { resolve } from "node:path";
import type { RepositoryOptions } from "../adapters/repository/index.ts";
import type { CommandContext, CommandInput, CommandOption } from "./command.ts";

/** Options of every command that opens repositories: whose signature counts, and what the cache is worth. */
export const trustOptions: readonly CommandOption[] = [
  {
    flags: "--keyring <path>",
    description: "OpenPGP keys, a file or folder, that a signed repomd.xml is verified with; and again",
    repeatable: true,
  },
  { flags: "--require-signature", description: "refuse a repository whose repomd.xml is not signed by such a key" },
  { flags: "--refresh", description: "ask servers again for what the cache still holds to be fresh" },
];

/** What {@link trustOptions} say, as {@link RepositoryOptions}. Errors: those of reading keys. */
export async function trustOf(
  input: CommandInput,
  context: CommandContext,
): Promise<Pick<RepositoryOptions, "keyring" | "requireSignature" | "refresh">> {
  const paths = input.options.list("keyring");
  const flags = {
    requireSignature: input.options.flag("requireSignature"),
    refresh: input.options.flag("refresh"),
  };
  if (paths.length === 0) return flags;
  const { openKeyring } = await import("../adapters/openpgp/index.ts");
  return { ...flags, keyring: await openKeyring(paths.map((path) => resolve(context.cwd, path))) };
}
