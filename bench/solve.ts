import { join } from "node:path";
import { findProgram } from "../src/core/index.ts";
import { setUpDnf } from "./dnf.ts";
import { sharedRepository } from "./inputs.ts";
import { measure } from "./measure.ts";
import type { Benchmark, Entry } from "./types.ts";

const cloud = (
  "kernel systemd dnf openssh-server selinux-policy-targeted NetworkManager chrony grub2-efi-x64 shim-x64 grub2-pc sudo firewalld " +
  "centos-stream-release glibc-langpack-en dracut-config-generic cloud-utils-growpart python3-jsonpatch"
).split(" ");
const title = "a cloud image's packages from CentOS Stream 9, weak dependencies included";

/** An install set, from metadata on disk to the answer. */
export const solve: Benchmark = {
  name: "solve",
  about: "find an install set in two repositories, beside dnf with and without its cache",
  prepare: async (context): Promise<readonly Entry[]> => {
    const base = sharedRepository("cs9-baseos-2022-02");
    const app = sharedRepository("cs9-appstream-2025-01");
    if ("missing" in base) return [{ kind: "skipped", title, reason: base.missing }];
    if ("missing" in app) return [{ kind: "skipped", title, reason: app.missing }];
    if (findProgram("dnf") === undefined) return [{ kind: "skipped", title, reason: "no dnf on this machine" }];
    const repositories = { baseos: base.path, appstream: app.path };
    const ask = ["--assumeno", "install", ...cloud];
    const answer = (text: string) => `${/^Install\s+(\d+) Package/m.exec(text)?.[1] ?? "?"} packages`;
    const cold = setUpDnf({ folder: join(context.scratch, "dnf-cold"), repositories });
    const warm = setUpDnf({ folder: join(context.scratch, "dnf-warm"), repositories });
    await measure(warm.cold("dnf makecache", ["makecache"]));
    const refused = { accept: [0, 1], answer };
    return [
      {
        kind: "contest",
        title,
        input: `${cloud.length} requests over cs9-baseos-2022-02 and cs9-appstream-2025-01 of ../shared/data/repodata`,
        sides: [
          {
            label: "weir, no cache",
            command: [process.execPath, await context.task("task-solve"), base.path, app.path, ...cloud],
            answer: (text) => text.trim(),
          },
          { ...cold.cold("dnf, no cache", ask), ...refused },
          { ...warm.warm("dnf, warm cache", ask), ...refused },
        ],
      },
    ];
  },
};
