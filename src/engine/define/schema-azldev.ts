import { anyText, flag, list, map, number, oneOf, table, text, texts } from "./schema.ts";
import {
  archiveName,
  channelName,
  commitHash,
  fileName,
  fullCommitHash,
  globPattern,
  keyLocation,
  resourceName,
  timestamp,
  webUrl,
} from "./schema-rules.ts";

const globs = list(text(globPattern));
const urls = list(table({ "url!": [text(webUrl), "http or https link."] }));

export const overlayCategories = [
  "upstream-backport",
  "azl-pruning",
  "azl-compatibility",
  "azl-temp-workaround",
  "azl-branding-policy",
  "azl-disable-flaky-tests",
  "azl-disable-unsupported-tests",
  "azl-security-compliance",
  "azl-release-management",
  "azl-platform-adaptation",
] as const;

const metadata = table({
  "category!": [oneOf(...overlayCategories), "Why the change exists."],
  "upstream-status!": [
    oneOf("upstreamed", "upstreamable", "needs-upstream-hook", "inapplicable", "unknown"),
    "How the change stands to upstream.",
  ],
  commits: [urls, "Upstream commits that the change takes or refers to."],
  bugs: [urls, "Entries of issue trackers."],
});

export const overlayTypes = [
  "spec-add-tag",
  "spec-insert-tag",
  "spec-set-tag",
  "spec-update-tag",
  "spec-remove-tag",
  "spec-prepend-lines",
  "spec-append-lines",
  "spec-search-replace",
  "spec-remove-section",
  "spec-remove-subpackage",
  "patch-add",
  "patch-remove",
  "file-prepend-lines",
  "file-search-replace",
  "file-add",
  "file-remove",
  "file-rename",
] as const;
export type OverlayType = (typeof overlayTypes)[number];

const overlay = table({
  "type!": [oneOf(...overlayTypes), "What the overlay does."],
  description: [anyText, "Why it is needed."],
  file: [anyText, "Name or glob of the file it changes; name of the patch."],
  archive: [text(archiveName), "Source archive whose content it changes."],
  section: [anyText, "Section of the spec, with its percent sign."],
  package: [anyText, "Subpackage that the section belongs to."],
  tag: [anyText, "Tag of the spec."],
  value: [anyText, "Value of the tag."],
  regex: [anyText, "RE2 expression to search."],
  replacement: [anyText, "Literal text to put in place; the new name of a renamed file."],
  lines: [texts, "Lines to add."],
  source: [anyText, "File to take, relative to the file that says so."],
  metadata: [metadata, "Intent and provenance."],
});

const distroReference = table({
  name: [anyText, "Name of a distribution of the project."],
  version: [anyText, "Its version; the distribution's default if absent."],
  snapshot: [text(timestamp), "Sources as they were at this time. Not on single components."],
});

const componentPublish = table({
  "rpm-channel": [text(channelName), "Channel of the binary packages."],
  "srpm-channel": [text(channelName), "Channel of the source package."],
  "debuginfo-channel": [text(channelName), "Channel of the debug information."],
});

const packageConfig = table({
  publish: [
    table({
      "rpm-channel": [text(channelName), 'Channel of the package; "none" keeps it unpublished.'],
      "debuginfo-channel": [text(channelName), "Channel of its debug information."],
      channel: [text(channelName), "Older name of rpm-channel."],
    }),
    "Where the package goes.",
  ],
});

const sourceFile = table({
  "filename!": [text(fileName), "Name of the file."],
  hash: [anyText, "Hexadecimal digest."],
  "hash-type": [oneOf("SHA256", "SHA512"), "Algorithm of the digest."],
  "origin!": [
    table({
      "type!": [oneOf("download", "custom", "overlay"), "How the file is got."],
      uri: [anyText, "Where a download comes from."],
      script: [text(fileName), "Script that makes a custom file."],
      "mock-packages": [texts, "Packages that the script needs."],
      inputs: [list(text(fileName)), "Source files that the script reads."],
    }),
    "Where the file comes from.",
  ],
  "replace-upstream": [flag, "It replaces the file of that name in upstream's sources."],
  "replace-reason": [anyText, "Why."],
});

export const componentShape = table({
  spec: [
    table({
      type: [oneOf("upstream", "local"), "Where the spec comes from."],
      path: [anyText, "Path of a local spec, relative to the file that says so."],
      "upstream-distro": [distroReference, "Distribution that the spec comes from."],
      "upstream-name": [text(fileName), "Name of the component there."],
      "upstream-commit": [text(commitHash), "Commit there, before any snapshot."],
    }),
    "Where the spec and its files come from.",
  ],
  release: [
    table({ calculation: [oneOf("auto", "autorelease", "static", "manual"), "How the Release tag is kept."] }),
    "The Release tag.",
  ],
  overlays: [list(overlay), "Edits of the sources, in order."],
  "overlay-files": [globs, "Files with further overlays, relative to the component's file."],
  build: [
    table({
      with: [texts, "Features to enable."],
      without: [texts, "Features to disable."],
      defines: [map(anyText), "Macros to define."],
      undefines: [texts, "Macros to take back."],
      "emit-upstream-provenance": [flag, "Define macros with upstream's version and release."],
      check: [
        table({ skip: [flag, "Do not run %check."], skip_reason: [anyText, "Why not; obligatory with skip."] }),
        "The %check section.",
      ],
      failure: [
        table({
          expected: [flag, "The build is known to fail."],
          "expected-reason": [anyText, "Why; obligatory with expected."],
        }),
        "Known failures.",
      ],
      hints: [table({ expensive: [flag, "The build takes long."] }), "Hints for scheduling."],
    }),
    "How it is built.",
  ],
  render: [
    table({ "skip-file-filter": [flag, "Keep files that the spec does not name."] }),
    "How its sources are rendered.",
  ],
  "source-files": [list(sourceFile), "Sources that upstream does not have."],
  packages: [map(packageConfig), "Settings of single binary packages."],
  publish: [componentPublish, "Where its packages go."],
});

const repositoryInputs = list(
  table({ repo: [anyText, "Name of a repository."], set: [anyText, "Name of a repository set."] }),
);

const distro = table({
  description: [anyText, "What it is."],
  "default-version": [anyText, "Version meant when none is named."],
  "dist-git-base-uri": [anyText, "Template of the source repositories' URL: $pkg."],
  "lookaside-base-uri": [anyText, "Template of the source cache's URL: $pkg $filename $hashtype $hash."],
  repos: [list(table({ "base-uri!": [anyText, "URL, with $releasever."] })), "Published repositories."],
  "disable-origins": [flag, "Take sources from the source cache only."],
  versions: [
    map(
      table({
        description: [anyText, "What it is."],
        "release-ver": [anyText, "Value of releasever."],
        "dist-git-branch": [anyText, "Branch of the source repositories."],
        "default-component-config": [componentShape, "What every component of a project for this version inherits."],
        "mock-config": [anyText, "Configuration of mock."],
        "mock-config-x86_64": [anyText, "The same, on x86_64."],
        "mock-config-aarch64": [anyText, "The same, on aarch64."],
        inputs: [
          table({
            "rpm-build": [repositoryInputs, "Repositories for building packages."],
            "image-build": [repositoryInputs, "Repositories for building images."],
          }),
          "Repositories that builds use.",
        ],
      }),
    ),
    "Its versions.",
  ],
});

const resources = table({
  "rpm-repos": [
    map(
      table({
        description: [anyText, "What it is."],
        type: [oneOf("rpm-md"), "How it is read."],
        "base-uri": [text(webUrl), "Its URL; or a metalink."],
        metalink: [text(webUrl), "URL of a metalink."],
        "disable-gpg-check": [flag, "Take unsigned packages."],
        "gpg-key": [text(keyLocation), "Path or URL of the signing key."],
        arches: [texts, "Architectures it is for; all if absent."],
      }),
      resourceName,
    ),
    "Repositories.",
  ],
  "rpm-repo-set-templates": [
    map(
      table({
        description: [anyText, "What it is."],
        "subrepos!": [
          list(
            table({
              "name!": [text(resourceName), "Name in the set."],
              "subpath!": [anyText, "Path below the set's URL; may hold $basearch."],
              kind: [oneOf("binary", "debug", "source"), "What is in it."],
            }),
          ),
          "Its repositories.",
        ],
      }),
      resourceName,
    ),
    "Layouts of repository sets.",
  ],
  "rpm-repo-sets": [
    map(
      table({
        description: [anyText, "What it is."],
        "template!": [anyText, "Name of its layout."],
        "base-uri!": [text(webUrl), "URL that its repositories lie below."],
        "name-prefix": [anyText, "Put before the repositories' names."],
        "gpg-key": [text(keyLocation), "Path or URL of the signing key."],
        "disable-gpg-check": [flag, "Take unsigned packages."],
        arches: [texts, "Architectures it is for; all if absent."],
        subrepos: [texts, "Repositories of the layout to use; all if absent."],
      }),
      resourceName,
    ),
    "Repository sets.",
  ],
});

const testSuite = table({
  description: [anyText, "What it tests."],
  "type!": [oneOf("pytest", "lisa"), "Framework."],
  pytest: [
    table({
      "working-dir": [anyText, "Folder to run in."],
      "test-paths": [texts, "Files or globs to run."],
      "extra-args": [texts, "Further arguments."],
      install: [oneOf("pyproject", "requirements", "none"), "How its needs are installed."],
    }),
    "For pytest.",
  ],
  lisa: [
    table({
      "framework!": [
        table({
          "git-url!": [anyText, "Repository of the framework."],
          "ref!": [text(fullCommitHash), "Commit of the framework."],
        }),
        "The framework.",
      ],
      "test-cases!": [texts, "Cases to run."],
      "pip-pre-install": [texts, "Packages to install before."],
      "pip-extras": [texts, "Extras of the framework."],
      "extra-args": [texts, "Further arguments."],
    }),
    "For lisa.",
  ],
});

/** A file of an azldev definition tree. */
export const definitionShape = table({
  $schema: [anyText, "For editors."],
  includes: [globs, "Further files, relative to this one."],
  project: [
    table({
      description: [anyText, "What it is."],
      "log-dir": [anyText, "Folder of logs."],
      "work-dir": [anyText, "Folder for work in progress."],
      "output-dir": [anyText, "Folder of results."],
      "rendered-specs-dir": [anyText, "Folder of rendered specs."],
      "lock-dir": [anyText, "Folder of locks."],
      "default-distro": [distroReference, "Distribution that is built."],
      "default-author-email": [anyText, "Author of changelog entries without one."],
    }),
    "The project.",
  ],
  distros: [map(distro), "Distributions: the one that is built, and those it takes from."],
  resources: [resources, "Named repositories."],
  "component-groups": [
    map(
      table({
        description: [anyText, "What it is."],
        metadata: [metadata, "Intent and provenance."],
        components: [texts, "Its components."],
        specs: [globs, "Local specs that are components of the group."],
        "excluded-paths": [globs, "Specs that are not."],
        "default-component-config": [componentShape, "What its components inherit."],
      }),
    ),
    "Groups of components.",
  ],
  components: [map(componentShape, fileName), "Components."],
  images: [
    map(
      table({
        description: [anyText, "What it is."],
        definition: [
          table({
            type: [oneOf("kiwi"), "Kind of definition."],
            path: [anyText, "Its file."],
            profile: [anyText, "Profile in it."],
          }),
          "Where it is defined.",
        ],
        capabilities: [
          table({
            "machine-bootable": [flag, "Boots on a machine."],
            container: [flag, "Runs as a container."],
            systemd: [flag, "Runs systemd."],
            "runtime-package-management": [flag, "Packages can be installed in it."],
          }),
          "What it can do.",
        ],
        tests: [table({ "test-suites": [list(table({ "name!": [anyText, "Name."] })), "Suites."] }), "Its tests."],
        publish: [table({ channels: [list(text(channelName)), "Channels."] }), "Where it goes."],
      }),
    ),
    "Images.",
  ],
  tools: [
    table({
      imageCustomizer: [table({ containerTag: [anyText, "Container of the tool."] }), "Image Customizer."],
    }),
    "Tools.",
  ],
  "default-component-config": [componentShape, "What every component inherits."],
  "default-package-config": [packageConfig, "What every package inherits."],
  "package-groups": [
    map(
      table({
        description: [anyText, "What it is."],
        packages: [texts, "Exact names of binary packages."],
        "default-package-config": [packageConfig, "What its packages inherit."],
      }),
    ),
    "Groups of binary packages.",
  ],
  "test-suites": [map(testSuite, fileName), "Test suites."],
});

/** A component's lock file. */
export const lockShape = table({
  "version!": [number, "1."],
  "import-commit": [text(commitHash), "Upstream commit at which the component was first taken."],
  "upstream-commit": [text(commitHash), "Upstream commit that is built."],
  "manual-bump": [number, "Rebuilds without a change."],
  "input-fingerprint": [anyText, "Over what decides the build."],
  "resolution-input-hash": [anyText, "Over what decides the commit."],
});

/** A file named by `overlay-files`. */
export const overlayFileShape = table({
  "metadata!": [metadata, "Intent and provenance of all overlays of the file."],
  overlays: [list(overlay), "Edits, in order."],
});
