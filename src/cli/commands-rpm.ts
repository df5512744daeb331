import type { CommandOption, CommandSpec } from "./command.ts";

const files = { name: "<files...>", description: "package files" };
const weak: CommandOption = {
  flags: "--allow-weak",
  description: "take SHA-1, DSA and short RSA keys for good, as packages of old distributions need",
};

/** Commands on single package files. */
export const rpmCommands: readonly CommandSpec[] = [
  {
    name: "rpm show",
    summary: "what package files say of themselves",
    details:
      "Reads packages of rpm's formats 3, 4 and 6. With -o json: identity, dependencies (rich ones as trees), files with digests, owners and " +
      "capabilities, scriptlets, changelog, signatures; with --tags every value of both headers by name or number.",
    examples: [
      { command: "weir rpm show hello-1.0-1.x86_64.rpm", does: "identity, dependencies, files" },
      { command: "weir rpm show *.rpm -o json", does: "`weir/rpm/1`, for programs" },
    ],
    arguments: [files],
    options: [{ flags: "--tags", description: "every value of both headers, named as rpm names them" }],
    run: async (input, context) => (await import("./commands/rpm.ts")).show(input, context),
  },
  {
    name: "rpm verify",
    summary: "digests, file contents and OpenPGP signatures of package files",
    details:
      "Each digest that a package states is computed anew, and each signature verified against the keyring. With a keyring a package must " +
      "carry a signature that is good and covers all of it; without one, signatures are listed as not judged. --deep also opens the " +
      "payload and compares every file with the digest in the header.",
    examples: [
      {
        command: "weir rpm verify *.rpm --keyring /etc/pki/rpm-gpg",
        does: "exit 1 when one is damaged or not trusted",
      },
      { command: "weir rpm verify hello-1.0-1.x86_64.rpm --deep", does: "compare every file too" },
    ],
    arguments: [files],
    options: [
      {
        flags: "--keyring <path>",
        description: "file with public keys, armored or binary, or a folder of such files; again for more",
        repeatable: true,
      },
      weak,
      { flags: "--deep", description: "open the payload and compare every file's content" },
    ],
    run: async (input, context) => (await import("./commands/rpm-sign.ts")).verify(input, context),
  },
  {
    name: "rpm sign",
    summary: "sign package files with an OpenPGP key",
    details:
      "The header is signed, which holds the payload's digest; older signatures are replaced. Files are written beside and renamed, so that " +
      "each is either signed or as it was. The time is SOURCE_DATE_EPOCH where that is set; with it, RSA and EdDSA keys give the same bytes " +
      "each time.",
    examples: [{ command: "weir rpm sign *.rpm --key signing.key", does: "sign in place" }],
    arguments: [files],
    options: [
      { flags: "--key <file>", description: "secret key, armored or binary (gpg --export-secret-keys)" },
      { flags: "--passphrase-file <file>", description: "file whose first line unlocks the key" },
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/rpm-sign.ts")).sign(input, context),
  },
  {
    name: "rpm unpack",
    summary: "unpack a package below a folder, never outside of it",
    details:
      "Contents are compared with the header's digests. Permissions and times are set; owners, capabilities and device nodes only when asked " +
      "for and permitted, else they are listed. No link leads out of the folder, be it there already or made by the package.",
    examples: [{ command: "weir rpm unpack hello-1.0-1.x86_64.rpm --to root", does: "files below root/" }],
    arguments: [{ name: "<file>", description: "package file" }],
    options: [
      { flags: "--to <dir>", description: "folder to unpack into; made where absent" },
      { flags: "--owners", description: "set owners, by the names in the folder's own etc/passwd and etc/group" },
      { flags: "--capabilities", description: "set file capabilities" },
      { flags: "--devices", description: "make device nodes and pipes" },
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/rpm.ts")).unpack(input, context),
  },
  {
    name: "rpm pack",
    summary: "make a package of a description and a tree of files",
    details:
      "The description is TOML or JSON: name, version, release, epoch, arch, summary, description, license, url, vendor; requires, provides, " +
      "conflicts, obsoletes, recommends, suggests, supplements, enhances as lists of texts (`bash >= 5`, `(a if b)`); scriptlets " +
      '(`post = "ldconfig"`), changelog, exclude (globs), and files: what holds for the files a glob meets (mode, user, group, flags such as ' +
      "config, noreplace, doc, ghost; capabilities). The rest comes from the tree: modes, links, hard links, times. A small one: " +
      '`name = "hello"`, `version = "1.0"`, `license = "MIT"`, `requires = ["bash >= 5"]`, `[[files]]`, `path = "/etc/**"`, ' +
      '`flags = ["config", "noreplace"]`. Equal input gives equal bytes: the build time is that of the description, or SOURCE_DATE_EPOCH, ' +
      "or 0, and no file is newer than that unless it is 0.",
    examples: [
      { command: "weir rpm pack hello.toml --tree root --to out", does: "write out/hello-1.0-1.noarch.rpm" },
      { command: "weir rpm pack hello.json --to out --compress xz --level 9", does: "no files, another compression" },
    ],
    arguments: [{ name: "<description>", description: "TOML or JSON file" }],
    options: [
      { flags: "--tree <dir>", description: "folder that holds the files, as below /; an empty package unless given" },
      { flags: "--to <dir>", description: "folder for the package", default: "." },
      {
        flags: "--compress <kind>",
        description: "compression of the payload",
        default: "zstd",
        choices: ["zstd", "gzip", "xz", "bzip2", "none"],
      },
      { flags: "--level <n>", description: "level of the compression" },
      { flags: "--format <n>", description: "rpm's format", default: "4", choices: ["4", "6"] },
    ],
    writes: true,
    run: async (input, context) => (await import("./commands/rpm-pack.ts")).pack(input, context),
  },
];
