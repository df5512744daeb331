import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { ImageRequest } from "../../src/engine/image/index.ts";
import { solve } from "../../src/engine/solve/index.ts";
import type { KiwiSelection } from "../../src/formats/kiwi/index.ts";
import type { Repository } from "../../src/formats/rpmmd/index.ts";
import { layRepository } from "./repository.ts";
import type { TestFile, TestPackage } from "./rpm-builder.ts";

const folders = (...paths: string[]): TestFile[] => paths.map((path) => ({ path, type: "dir" }));

/** The machine's /bin/sh with its libraries and the loader's cache maker, as files of a package; empty where the machine has none. */
export function shellFiles(): TestFile[] {
  if (!existsSync("/bin/sh")) return [];
  const listed = execFileSync("ldd", ["/bin/sh"]).toString();
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1] as string);
  return [
    { path: "/usr/bin/sh", content: readFileSync(realpathSync("/bin/sh")), mode: 0o755 },
    ...libraries.map((path) => ({
      path: path.startsWith("/usr/") ? path : `/usr${path}`,
      content: readFileSync(realpathSync(path)),
      mode: 0o755,
    })),
  ];
}

/** Few packages with everything that building an image has to deal with. */
export function imageWorld(): TestPackage[] {
  return [
    {
      name: "filesystem",
      version: "1",
      release: "1",
      arch: "x86_64",
      scriptlets: [{ kind: "pretrans", interpreter: ["<lua>"], body: "posix.mkdir('/usr')" }],
      files: [
        ...folders(
          "/etc",
          "/usr",
          "/usr/bin",
          "/usr/lib",
          "/usr/lib64",
          "/usr/sbin",
          "/var",
          "/var/lib",
          "/dev",
          "/proc",
          "/run",
        ),
        { path: "/tmp", type: "dir", mode: 0o1777 },
        { path: "/root", type: "dir", mode: 0o550 },
        { path: "/bin", type: "symlink", target: "usr/bin" },
        { path: "/lib", type: "symlink", target: "usr/lib" },
        { path: "/lib64", type: "symlink", target: "usr/lib64" },
        { path: "/sbin", type: "symlink", target: "usr/sbin" },
        { path: "/etc/passwd", content: "root:x:0:0:root:/root:/bin/sh\n", flags: 17 },
        { path: "/etc/group", content: "root:x:0:\nmail:x:12:\n", flags: 17 },
        { path: "/etc/shadow", content: "root:*:::::::\n", mode: 0, flags: 17 },
        { path: "/dev/null", type: "char", rdev: 0x103, mode: 0o666 },
      ],
    },
    { name: "sh", version: "1", release: "1", arch: "x86_64", provides: ["/bin/sh"], files: shellFiles() },
    {
      name: "release",
      version: "2",
      release: "1",
      files: [
        { path: "/usr/lib/os-release", content: 'NAME="Mill"\nID=mill\nVERSION_ID="2.0"\n' },
        { path: "/usr/lib/systemd/system-preset/90-default.preset", content: "enable daemon.service\ndisable *\n" },
        { path: "/usr/share/doc/release/README", content: "read me", flags: 2 },
      ],
    },
    {
      name: "daemon",
      version: "3",
      release: "2",
      arch: "x86_64",
      license: "MIT AND BSD-3-Clause",
      requires: ["/bin/sh", "release", "(tools if sh)"],
      provides: ["user(daemon)"],
      scriptlets: [
        { kind: "pre", interpreter: ["/bin/sh"], body: "[ -d /usr/bin ] || exit 1\n: > /var/lib/pre-ran" },
        { kind: "post", interpreter: ["/bin/sh"], body: 'echo "post $1" > /var/lib/post-ran' },
      ],
      files: [
        { path: "/usr/bin/daemond", content: "#!/bin/sh\n", mode: 0o755, capabilities: "cap_net_bind_service=ep" },
        {
          path: "/usr/lib/sysusers.d/daemon.conf",
          content: 'u daemon 71 "The daemon" /var/lib/daemon\nu other -\nm daemon mail\n',
        },
        {
          path: "/usr/lib/tmpfiles.d/daemon.conf",
          content:
            "d /var/log/daemon 0750 daemon mail -\nL /etc/daemon - - - - ../var/lib/daemon\nd /run/daemon 0755 - - -\n",
        },
        {
          path: "/usr/lib/systemd/system/daemon.service",
          content: "[Service]\nExecStart=/usr/bin/daemond\n[Install]\nWantedBy=multi-user.target\nAlias=d.service\n",
        },
        {
          path: "/usr/lib/systemd/system/noise.service",
          content: "[Service]\nExecStart=/usr/bin/daemond\n[Install]\nWantedBy=multi-user.target\n",
        },
        { path: "/var/lib/daemon", type: "dir", mode: 0o700, user: "daemon", group: "daemon" },
        { path: "/var/lib/daemon/state", content: "s", user: "daemon", group: "mail" },
      ],
    },
    {
      name: "tools",
      version: "1",
      release: "1",
      requires: ["sh"],
      scriptlets: [{ kind: "post", interpreter: ["/bin/sh"], body: "echo cannot >&2; exit 3" }],
      files: [
        { path: "/usr/bin/tool", content: "tool", mode: 0o755 },
        { path: "/usr/bin/tool-too", hardLinkOf: "/usr/bin/tool", mode: 0o755 },
        { path: "/usr/share/tools/owned", content: "x", user: "nobody-knows" },
      ],
    },
    { name: "passing", version: "1", release: "1", files: [{ path: "/usr/share/passing/file", content: "p" }] },
  ];
}

/** A description as kiwi's would be read. */
export function kiwiSelection(change: Partial<KiwiSelection> = {}): KiwiSelection {
  return {
    name: "test",
    profiles: [],
    version: "2.0",
    excludeDocs: true,
    type: {
      image: "oci",
      attributes: {},
      line: 1,
      container: {
        name: "mill/base",
        tag: "2.0",
        additionalNames: [],
        user: "root",
        workingDirectory: "/",
        maintainer: "images@mill.example",
        entrypoint: undefined,
        subcommand: { argv: ["/bin/sh"], clear: false },
        expose: ["80", "53/udp"],
        volumes: [],
        environment: [["LANG", "C.UTF-8"]],
        labels: [["a", "b"]],
        history: { author: "", createdBy: "", comment: "" },
      },
    },
    install: ["filesystem", "daemon", "passing"],
    bootstrap: [],
    delete: [],
    uninstall: ["passing"],
    ignored: [],
    collections: [],
    ...change,
  };
}

/** A request over packages that are laid out below `folder`. */
export function imageRequest(
  folder: string,
  packages: readonly TestPackage[],
  change: Partial<ImageRequest> = {},
): ImageRequest {
  const root = join(folder, "repository");
  mkdirSync(root, { recursive: true });
  const repository: Repository = layRepository(root, "mill", packages);
  const selection = change.selection ?? kiwiSelection();
  return {
    name: "container",
    selection,
    solution: solve({ install: selection.install, repositories: [repository], arch: "x86_64" }),
    repositories: [repository],
    arch: "x86_64",
    services: { enable: [], disable: [] },
    sourceDateEpoch: 1_735_689_600,
    distribution: "mill",
    ...change,
  };
}
