import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makePackage, makeRepository } from "../../../test/support/metadata.ts";
import { WeirError } from "../../core/index.ts";
import { parseDockerfile } from "../../formats/dockerfile/index.ts";
import { buildPackageMap } from "../compat/index.ts";
import { solve } from "../solve/index.ts";
import {
  applyEdits,
  type AuditOptions,
  type AuditResult,
  auditDockerfile,
  auditReport,
  auditRules,
  distTagsOf,
  legacyFacts,
  marinerFacts,
} from "./index.ts";

const before = makeRepository("old", [
  makePackage("bash-5.1-1.cm2.x86_64", { files: ["/usr/bin/bash"] }),
  makePackage("gawk-5.1-1.cm2.x86_64", { provides: ["awk"] }),
  makePackage("zlib-1.2-1.cm2.x86_64"),
  makePackage("shadow-utils-4.9-1.cm2.x86_64", { files: ["/usr/sbin/useradd"] }),
  makePackage("waterclock-1.0-1.cm2.x86_64", { files: ["/usr/bin/waterclock", "/etc/waterclock.conf"] }),
  makePackage("protobuf-25.3-1.cm2.x86_64"),
  makePackage("bind-9.20-1.cm2.x86_64"),
  makePackage("glibc-tools-2.35-1.cm2.x86_64", { source: "glibc" }),
  makePackage("grub2-efi-2.06-1.cm2.x86_64"),
  makePackage("moby-cli-24-1.cm2.x86_64"),
  makePackage("libicu-72-1.cm2.x86_64", { provides: ["libicuuc.so.72()(64bit)"] }),
  makePackage("python3-3.12-1.cm2.x86_64", { provides: ["python(abi) = 3.12", "pkgconfig(old)"] }),
  makePackage("tar-1.34-1.cm2.x86_64", { files: ["/usr/bin/tar"] }),
  makePackage("nodejs-20-1.cm2.x86_64", { files: ["/usr/lib/systemd/system/old.service"] }),
  makePackage("mawk-compat-1-1.cm2.x86_64", { provides: ["old-virtual"] }),
]);
const after = makeRepository("new", [
  makePackage("bash-5.3-1.azl4.x86_64", { files: ["/usr/bin/bash"] }),
  makePackage("gawk-5.3-1.azl4.x86_64"),
  makePackage("zlib-ng-compat-2.2-1.azl4.x86_64", {
    obsoletes: ["zlib < 1.4"],
    provides: ["zlib = 1.3.1.zlib-ng-2.2"],
  }),
  makePackage("shadow-utils-4.17-1.azl4.x86_64", { files: ["/usr/bin/useradd"] }),
  makePackage("protobuf-3.19-1.azl4.x86_64"),
  makePackage("bind-9.18-1.azl4.x86_64"),
  makePackage("glibc-2.42-1.azl4.x86_64", { source: "glibc" }),
  makePackage("grub2-efi-x64-2.12-1.azl4.x86_64", { obsoletes: ["grub2-efi < 2.12"] }),
  makePackage("grub2-tools-2.12-1.azl4.x86_64", { obsoletes: ["grub2-efi < 2.12"] }),
  makePackage("docker-cli-27-1.azl4.x86_64", { requires: ["nowhere"] }),
  makePackage("libicu-77-1.azl4.x86_64", { provides: ["libicuuc.so.77()(64bit)"] }),
  makePackage("python3-3.14-1.azl4.x86_64", { provides: ["python(abi) = 3.14", "pkgconfig(new)"] }),
  makePackage("tar-1.35-1.azl4.x86_64", { files: ["/usr/bin/tar"] }),
  makePackage("nodejs24-24-1.azl4.x86_64", { files: ["/usr/lib/systemd/system/node.service"] }),
]);
const map = buildPackageMap(before, after, {
  renames: { "moby-cli": { to: ["docker-cli"], reason: "no metadata says so" } },
});
const options: AuditOptions = {
  file: "Dockerfile",
  map,
  before,
  target: after,
  legacy: marinerFacts,
  solve: (install) => solve({ install, repositories: [after], arch: "x86_64" }),
  targetDistTag: "azl4",
};
const core = "FROM mcr.microsoft.com/azurelinux/base/core:3.0\n";
const audit = (text: string, more: Partial<AuditOptions> = {}) => auditDockerfile(text, { ...options, ...more });
const rulesOf = (result: AuditResult) =>
  [...new Set(result.findings.map((finding) => finding.rule))].filter((rule) => rule !== "IMG001").sort();
const install = async (words: string) => audit(`${core}RUN dnf install -y ${words}\n`);

describe("packages", () => {
  it.each<[string, string[], string]>([
    ["bash", [], "bash"],
    ["waterclock", ["PKG001"], "waterclock"],
    ["zlib", ["PKG002"], "zlib-ng-compat"],
    ["grub2-efi", ["PKG004"], "grub2-efi-x64 grub2-tools"],
    ["glibc-tools", ["PKG005"], "glibc-tools"],
    ["awk", ["PKG006"], "gawk"],
    ["old-virtual", ["PKG006"], "old-virtual"],
    ["'pkgconfig(old)'", ["PKG006"], "python3"],
    ["'pkgconfig(new)'", [], "'pkgconfig(new)'"],
    ["protobuf", ["PKG007"], "protobuf"],
    ["bash-5.1-1.cm2", ["PKG009"], "bash"],
    ["bash-5.1-1.cm2.x86_64", ["PKG009"], "bash"],
    ["'bash = 5.1'", ["PKG009"], "bash"],
    ["bash-5.3", [], "bash-5.3"],
    ["bash.x86_64", [], "bash.x86_64"],
    ["zlib-1.2-1.cm2", ["PKG002", "PKG009"], "zlib-ng-compat"],
    ["bash-5.1-1.el9", ["PKG010"], "bash-5.1-1.el9"],
    ["https://x.example/a-1-1.azl3.x86_64.rpm", ["PKG009"], "https://x.example/a-1-1.azl3.x86_64.rpm"],
    ["moby-cli", ["PKG002", "PKG014"], "docker-cli"],
    ["'water*'", ["PKG001"], "'water*'"],
    ["nodejs24", [], "nodejs24"],
    ["/usr/bin/nothing", ["PKG006"], "/usr/bin/nothing"],
    ["/usr/sbin/useradd", [], "/usr/sbin/useradd"],
  ])("%s", async (words, rules, edited) => {
    const result = await install(words);
    expect(rulesOf(result)).toEqual(rules);
    expect(applyEdits(`${core}RUN dnf install -y ${words}\n`, result.edits)).toContain(`install -y ${edited}\n`);
    for (const finding of result.findings)
      expect(finding.evidence[0]?.where).toMatchObject({ file: "Dockerfile", line: expect.any(Number) });
  });

  it("weighs how far a version goes back", async () => {
    expect((await install("protobuf")).findings.find(({ rule }) => rule === "PKG007")?.severity).toBe("high");
    expect((await install("bind")).findings.find(({ rule }) => rule === "PKG007")?.severity).toBe("low");
  });

  it("skips what it cannot know", async () => {
    for (const [words, reason] of [
      ["third-party-agent", "neither distribution"],
      ["$PACKAGES", "known only when it runs"],
      ["@development-tools", "groups"],
      ["./local.rpm", "package file"],
    ] as const) {
      const result = await install(words);
      expect(rulesOf(result)).toEqual([]);
      expect(result.skips.map((skip) => skip.reason).join()).toContain(reason);
    }
  });

  it("edits a pin with a variable inside, not what a variable or braces give", async () => {
    const text = `${core}ARG V=5.1\nARG P="zlib awk"\nRUN dnf install -y bash-\${V}-1.cm2 $P gaw{k,k-x}\n`;
    const edited = applyEdits(text, (await audit(text)).edits);
    expect(edited).toContain("install -y bash $P gaw{k,k-x}");
  });

  it("keeps the form of an exec array and of nested shells", async () => {
    const text = `${core}RUN ["tdnf", "install", "-y", "grub2-efi"]\nRUN bash -c "tdnf install -y awk"\n`;
    const edited = applyEdits(text, (await audit(text)).edits);
    expect(edited).toContain('["dnf", "install", "-y", "grub2-efi-x64", "grub2-tools"]');
    expect(edited).toContain('bash -c "dnf install -y gawk"');
  });

  it("proves by a solve, and says so where it cannot", async () => {
    const result = await install("moby-cli");
    const finding = result.findings.find(({ rule }) => rule === "PKG014");
    expect(finding).toMatchObject({ severity: "blocker", inhibitor: true, subject: "docker-cli" });
    expect(finding?.evidence.length).toBeGreaterThan(1);
    const without = await audit(`${core}RUN dnf install -y bash\n`, { solve: undefined });
    expect(without.checks.find(({ rule }) => rule === "PKG014")?.state).toBe("error");
    const failing = await audit(`${core}RUN dnf install -y bash\n`, {
      solve: () => {
        throw new WeirError("SOLVE_GAVE_UP", "too hard");
      },
    });
    expect(failing.checks.find(({ rule }) => rule === "PKG014")?.state).toBe("error");
    expect(failing.skips.at(0)?.reason).toContain("too hard");
  });
});

describe("the rest of a file", () => {
  it.each<[string, string, string[], string?]>([
    ["wrapper", "RUN tdnf clean all", ["PM001"], "RUN dnf clean all"],
    ["wrapper behind sudo", "RUN sudo -E /usr/bin/tdnf makecache", ["PM001"], "sudo -E dnf makecache"],
    ["autoremove", "RUN dnf autoremove -y bash", ["PM002"], "dnf remove -y bash"],
    ["list", "RUN dnf list installed", ["PM003"], "dnf list --installed"],
    ["check-update", "RUN dnf check-update", ["PM003"]],
    ["release", "RUN dnf install --releasever=3.0 -y bash", ["PM004"]],
    [
      "install root",
      "RUN dnf install --releasever=4.0 --installroot /r bash",
      ["PM004"],
      "--use-host-config --installroot /r",
    ],
    ["cache mount", "RUN --mount=type=cache,target=/var/cache/tdnf true", ["PM005"], "target=/var/cache/libdnf5 true"],
    ["cache path", "RUN rm -rf /var/cache/tdnf/*", ["PM005"], "/var/cache/libdnf5/*"],
    ["lost path", "RUN cat /var/lib/rpmmanifest/container-manifest-1", ["PM005"]],
    ["longest path wins", "COPY tdnf.conf /etc/tdnf/tdnf.conf", ["PM005"], "/etc/dnf/dnf.conf"],
    ["not a longer name", "RUN ls /var/cache/tdnfx", []],
    ["gone option", "RUN dnf -4 install bash", ["PM006"]],
    ["repository id", "RUN dnf install --enablerepo=azurelinux-official-extended bash", ["REPO002"]],
    ["repository url", "RUN curl https://packages.microsoft.com/azurelinux/3.0/prod/base", ["REPO001"]],
    ["repository file", "RUN sed -i s/0/1/ /etc/yum.repos.d/azurelinux-official-base.repo", ["REPO002"]],
    ["repository heredoc", "RUN cat <<E > /etc/yum.repos.d/x.repo\n[mariner-official-nvidia]\nE", ["REPO002"]],
    ["key", "RUN rpm --import /etc/pki/rpm-gpg/MICROSOFT-RPM-GPG-KEY", ["REPO003"]],
    ["no signatures", "RUN dnf install --nogpgcheck bash", ["REPO005"]],
    ["repo heredoc", "RUN cat <<E > /etc/yum.repos.d/x.repo\n[x]\ngpgcheck=0\nE", ["REPO005"]],
    ["os test", 'RUN . /etc/os-release; if [ "$ID" = "mariner" ]; then true; fi', ["OS001"]],
    ["os case", "RUN case $ID in mariner) true;; esac", ["OS001"]],
    ["release file", "RUN test -f /etc/mariner-release", ["OS001"]],
    ["no os test", "LABEL team=mariner", []],
    ["unit", "RUN systemctl enable old.service", ["SVC001"]],
    ["a unit of one's own", "RUN systemctl enable mine.service", []],
    ["known unit", "RUN systemctl enable node", []],
    ["user", "RUN useradd -u 1000 app && mkdir /home/app", ["USR001"]],
    ["careful user", "RUN useradd -M app && mkdir /home/app", []],
    ["soname", "RUN gcc x.c -l:libicuuc.so.72", ["ABI003"]],
    ["interpreter folder", "COPY x /usr/lib/python3.12/site-packages/", ["ABI004"]],
    ["interpreter", "RUN python3.12 -m venv /v", ["ABI004"]],
    ["another interpreter", "RUN python3.1 x; mypython3.12; python3.14 y", []],
    ["file", "RUN cat /etc/waterclock.conf", ["FILE001"]],
    ["command", "RUN waterclock --now", ["FILE001"]],
    ["comment", "RUN true \\\n  # tdnf install waterclock /var/cache/tdnf\n  && true", []],
  ])("%s", async (_, line, rules, edited) => {
    const text = `${core}${line}\n`;
    const result = await audit(text);
    expect(rulesOf(result)).toEqual(rules);
    if (edited !== undefined) expect(applyEdits(text, result.edits)).toContain(edited);
  });

  it("knows base images through arguments, stages, copies and digests", async () => {
    const text = [
      "ARG BASE=mcr.microsoft.com/azurelinux/base/core:3.0",
      "FROM $BASE AS a",
      "FROM a AS b",
      "RUN tdnf -y update",
      "FROM mcr.microsoft.com/azurelinux/base/python:3.12",
      "FROM mcr.microsoft.com/cbl-mariner/base/core@sha256:00",
      "COPY --from=mcr.microsoft.com/azurelinux/distroless/base:3.0 /x /x",
      "FROM debian:12",
      "RUN apt-get install -y waterclock; rm -rf /var/cache/tdnf",
    ].join("\n");
    const result = await audit(text);
    expect(result.findings.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      "IMG001 blocker",
      "IMG002 high",
      "IMG001 medium",
      "IMG001 medium",
      "PM001 low",
      "IMG003 info",
    ]);
    expect(applyEdits(text, result.edits)).toContain("ARG BASE=mcr.microsoft.com/azurelinux-beta/base/core:4.0\n");
    expect(applyEdits(text, result.edits)).toContain("--from=mcr.microsoft.com/azurelinux-beta/distroless/base:4.0 /x");
    expect(result.inventory).toMatchObject({ stages: 5, legacyStages: 4 });
  });

  it("treats a stage of unknown origin as legacy when it calls the legacy package manager", async () => {
    expect(rulesOf(await audit("FROM registry.example/ours\nRUN tdnf install -y waterclock\n"))).toEqual([
      "PKG001",
      "PM001",
    ]);
  });

  it("misses tools that the new base lacks", async () => {
    const base = { legacy: ["bash", "tar"], target: ["bash"] };
    expect(rulesOf(await audit(`${core}RUN tar xf x\n`, { base }))).toEqual(["PKG017"]);
    expect(rulesOf(await audit(`${core}RUN dnf install -y tar && tar xf x\n`, { base }))).toEqual([]);
  });

  it("never calls an empty inventory clean", async () => {
    for (const text of ["", "FROM debian\nRUN true\n", "# nothing\n"]) {
      const result = await audit(text);
      expect(result.findings.map(({ rule }) => rule)).toEqual(["AUDIT001"]);
    }
  });

  it("gives a state to each rule, edits that are stable, and a report of equal bytes", async () => {
    const text = `${core}RUN tdnf install -y awk zlib waterclock && tdnf clean all && rm -rf /var/cache/tdnf\n`;
    const result = await audit(text);
    expect(result.checks.map(({ rule }) => rule)).toEqual(Object.keys(auditRules));
    for (const state of ["pass", "fail", "not-applicable"])
      expect(result.checks.map((check) => check.state)).toContain(state);
    const edited = applyEdits(text, result.edits);
    expect((await audit(edited)).edits).toEqual([]);
    expect(JSON.stringify(auditReport(await audit(text)))).toBe(JSON.stringify(auditReport(result)));
    expect(auditReport([]).skips).toHaveLength(1);
  });
});

describe("any file", () => {
  const corpus = join(import.meta.dirname, "../../formats/dockerfile/corpus");
  const texts = readdirSync(corpus)
    .filter((name) => name.endsWith(".Dockerfile"))
    .sort()
    .map((name) => readFileSync(join(corpus, name), "utf8"));
  const legacyTexts = texts.map((text) =>
    text
      .replace(/^FROM \S+/m, "FROM mcr.microsoft.com/azurelinux/base/core:3.0")
      .replaceAll("one", "awk")
      .replaceAll("two", "zlib-1.2-1.cm2"),
  );

  it("keeps its shape under the edits, which then have nothing left to do", async () => {
    for (const text of legacyTexts) {
      const result = await audit(text);
      const edited = applyEdits(text, result.edits);
      expect(edited.split("\n")).toHaveLength(text.split("\n").length);
      const [old, now] = [text, edited].map((one) => parseDockerfile(one, "Dockerfile"));
      expect(now?.instructions.map((one) => [one.keyword, one.commands.length])).toEqual(
        old?.instructions.map((one) => [one.keyword, one.commands.length]),
      );
      expect((await audit(edited)).edits).toEqual([]);
    }
  });

  it.each<[string, string]>([
    ["words with variables", `ARG V=1.2\nRUN dnf install ${"zlib-$V-1.cm2 ".repeat(40_000)}`],
    ["words", `RUN dnf install ${"bash ".repeat(190_000)}`],
    ["open quotes", `RUN ${'a=$(b "\\n'.repeat(90_000)}`],
    ["globs", `RUN dnf install ${"*a*b*c* ".repeat(60_000)}`],
    ["gone subpackages", `RUN dnf install ${"glibc-tools ".repeat(40_000)}`],
    ["commands that may run", `RUN if x; then ${"dnf install bash; ".repeat(15_000)} fi`],
    ["paths", `RUN rm ${"/var/cache/tdnf ".repeat(50_000)}`],
  ])("takes many %s in bounded time", async (_, text) => {
    const start = performance.now();
    const result = await audit(`${core}${text}\n`);
    expect(performance.now() - start).toBeLessThan(40_000);
    expect(result.findings.length + result.skips.length).toBeGreaterThan(0);
  });

  it("survives changes, and is never silent about nothing", async () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const odd = "\"'`$(){};&|<>\\\n#=[] aE-/";
    for (let round = 0; round < 600; round++) {
      const chars = [...(legacyTexts[random(legacyTexts.length)] as string)];
      for (let change = random(8); change >= 0; change--)
        chars[random(chars.length)] = odd[random(odd.length)] as string;
      const text = chars.join("");
      const result = await audit(text);
      if (result.inventory.packageCommands === 0 && result.inventory.legacyStages === 0)
        expect(result.findings.length).toBeGreaterThan(0);
      let end = 0;
      for (const edit of result.edits) {
        expect(edit.start).toBeGreaterThanOrEqual(end);
        expect(text.slice(edit.start, edit.end)).toBe(edit.before);
        end = edit.end;
      }
    }
  });
});

describe("facts", () => {
  it("finds dist tags", () => {
    expect(distTagsOf(before)).toEqual(["cm2"]);
  });
  const path = join(import.meta.dirname, "../../../examples/dockerfiles/app.Dockerfile");
  it.skipIf(!existsSync(path))("are enough for the example's file", async () => {
    const mill = makeRepository("old-mill", [
      makePackage("turbine-1.6-2.om1.x86_64"),
      makePackage("libflow-1.0-1.om1.x86_64", { provides: ["libflow.so.1()(64bit)"] }),
      makePackage("waterclock-1-1.om1.noarch"),
      makePackage("libgauge-utils-1-1.om1.x86_64"),
    ]);
    const target = makeRepository("mill", [
      makePackage("turbine2-2.0-1.mill2.x86_64", { obsoletes: ["turbine < 2"], provides: ["turbine = 2.0"] }),
      makePackage("libflow-2.0-1.mill2.x86_64", { provides: ["libflow.so.2()(64bit)"] }),
      makePackage("gauge-tools-2-1.mill2.x86_64"),
    ]);
    const legacy = legacyFacts("Old Mill", {
      managers: { tdf: "dnf" },
      osIds: ["oldmill"],
      releases: ["1.0"],
      distTags: distTagsOf(mill),
      repositoryIds: ["oldmill-*"],
      paths: {
        "/etc/oldmill-release": "/etc/os-release",
        "/var/cache/tdf": "/var/cache/libdnf5",
        "/var/lib/rpm": "/usr/lib/sysimage/rpm",
      },
      images: [
        { pattern: "registry.oldmill.example/oldmill/base:1.0", replacement: "registry.mill.example/mill/base:2.0" },
        {
          pattern: "registry.oldmill.example/oldmill/minimal:1.0",
          replacement: "registry.mill.example/mill/minimal:2.0",
        },
      ],
    });
    const curated = {
      renames: { "libgauge-utils": { to: ["gauge-tools"], reason: "moved" } },
      dropped: { waterclock: "nobody keeps it" },
    };
    const text = readFileSync(path, "utf8");
    const result = await auditDockerfile(text, {
      file: "app.Dockerfile",
      map: buildPackageMap(mill, target, curated),
      before: mill,
      target,
      legacy,
    });
    expect(rulesOf(result)).toEqual(
      expect.arrayContaining(["ABI003", "OS001", "PKG001", "PKG002", "PKG009", "PM001", "PM004", "PM005", "REPO002"]),
    );
    const edited = applyEdits(text, result.edits);
    expect(edited).not.toMatch(/^[^#]*\btdf\b/m);
    expect(edited).toContain("turbine2\n");
    expect(edited).toContain("gauge-tools millnote");
  });
});
