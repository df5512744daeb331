import { anyText, flag, list, map, number, nullable, oneOf, table, text, texts } from "./schema.ts";
import { channelName, fileName, globPattern } from "./schema-rules.ts";

const names = list(text(fileName));
const globs = list(text(globPattern));

const shared = {
  includes: [globs, "Further files of this shape, read before this one, relative to it."],
  legacy: [anyText, "Folder of the definition of the distribution being left."],
  macros: [texts, "Folders of macro files, weakest first."],
  base: [
    table({
      version: [anyText, "Version of the runtime packages."],
      release: [anyText, "Release of the runtime packages."],
      packages: [
        map(
          table({
            "summary!": [anyText, "One line."],
            "license!": [anyText, "SPDX expression."],
            version: [anyText, "Version, if not that of all."],
            commands: [texts, "Programs of the machine."],
            libraries: [texts, "Shared libraries, by soname."],
            files: [globs, "Absolute paths or globs."],
            links: [map(anyText), "Symbolic links: path and target."],
            interpreter: [oneOf("python3"), "An interpreter with its own library."],
            provides: [texts, "What it provides besides."],
            requires: [texts, "What it requires."],
          }),
          fileName,
        ),
        "Packages made of the machine's own files.",
      ],
    }),
    "The runtime below all packages.",
  ],
  buildroot: [
    table({ provides: [map(anyText), "Capability, and the command that stands for it."] }),
    "What the machine offers to builds.",
  ],
  profiles: [
    map(
      table({
        "image!": [anyText, "Image that it completes."],
        packages: [texts, "Packages besides those of the image."],
        "weak-dependencies": [flag, "Install what is recommended."],
        services: [table({ enable: [names, "Units to enable."], disable: [names, "Units to disable."] }), "Services."],
      }),
      fileName,
    ),
    "What images contain beyond their description.",
  ],
  channels: [
    map(
      table({
        description: [anyText, "What it is for."],
        needs: [texts, "Channels it must be used with."],
      }),
      channelName,
    ),
    "Where packages are published.",
  ],
  audit: [
    table({
      dockerfiles: [globs, "Dockerfiles to audit, as paths or globs."],
      commands: [map(anyText), "Command of the legacy distribution, and what replaces it."],
      paths: [map(anyText), "Path of the legacy distribution, and what replaces it."],
      images: [map(anyText), "Image of the legacy distribution, and what replaces it."],
    }),
    "Moving off the legacy distribution.",
  ],
  compat: [
    table({
      renames: [
        map(table({ "to!": [texts, "Packages that take its place."], reason: [anyText, "Why."] })),
        "Packages with a new name.",
      ],
      dropped: [map(table({ "reason!": [anyText, "Why."] })), "Packages that are gone on purpose."],
    }),
    "What may differ from the legacy distribution.",
  ],
} satisfies Parameters<typeof table>[0];

/** `weir.toml`, beside `azldev.toml`: what azldev has no key for. */
export const weirTomlShape = table({ "schema!": [oneOf("weir/project/1"), "Version of this format."], ...shared });

/** A file that `weir.toml` includes. */
export const weirIncludeShape = table(shared);

const place = table({
  "file!": [anyText, "Relative to the project."],
  "line!": [number, "From 1."],
  column: [number, "From 1."],
});

/** What `weir component list -o json` prints. */
export const componentListShape = table({
  "schema!": [oneOf("weir/components/1"), "Version of this format."],
  "components!": [
    list(
      table({
        "name!": [anyText, "Name."],
        "type!": [oneOf("upstream", "local"), "Where the spec comes from."],
        "upstream!": [
          nullable(
            table({
              "distro!": [anyText, "Distribution."],
              "version!": [anyText, "Its version."],
              "name!": [anyText, "Name there."],
              "branch!": [anyText, "Branch of the source repository."],
              "commit!": [nullable(anyText), "Commit, if pinned."],
              "snapshot!": [nullable(anyText), "RFC 3339 time, if frozen."],
            }),
          ),
          "Where it is found; null for local ones.",
        ],
        "overlays!": [number, "How many."],
        "release!": [oneOf("auto", "autorelease", "static", "manual"), "How the Release tag is kept."],
        "groups!": [texts, "Groups it is in, sorted."],
        "origin!": [place, "Where it is declared."],
        nevr: [
          nullable(anyText),
          "Name-[epoch:]version-release after overlays, where asked for; null where it cannot be told.",
        ],
      }),
    ),
    "Sorted by name.",
  ],
});
