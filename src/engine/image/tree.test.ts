import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WeirError } from "../../core/index.ts";
import { Accounts } from "./accounts.ts";
import { capabilityAttribute } from "./capabilities.ts";
import { splitWords } from "./drop-ins.ts";
import { RootTree } from "./root-tree.ts";
import { applySysusers } from "./sysusers.ts";
import { applyTmpfiles } from "./tmpfiles.ts";
import { applyPresets } from "./units.ts";

const epoch = 1_735_689_600;
let folder = "";
let tree: RootTree;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-tree-"));
  mkdirSync(join(folder, "root"));
  tree = new RootTree(join(folder, "root"), epoch);
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (files: Readonly<Record<string, string>>) => {
  for (const [path, text] of Object.entries(files)) tree.write(path, text, { origin: "test" });
};

describe("RootTree", () => {
  it("never follows links out of the root, reading or writing", () => {
    const outside = join(folder, "outside");
    writeFileSync(outside, "secret");
    mkdirSync(join(folder, "root/etc"));
    symlinkSync("../../outside", join(folder, "root/etc/passwd"));
    symlinkSync(folder, join(folder, "root/up"));
    expect(tree.read("/etc/passwd")).toBeUndefined();
    tree.write("/etc/passwd", "mine", { origin: "test" });
    expect(readFileSync(outside, "utf8")).toBe("secret");
    expect(tree.read("/etc/passwd")).toBe("mine");
    expect(tree.read("/up/outside")).toBeUndefined();
    tree.write("/up/outside", "mine", { origin: "test" });
    expect(readFileSync(outside, "utf8")).toBe("secret");
    tree.remove("/up");
    expect(existsSync(outside)).toBe(true);
  });

  it("remembers owners and permissions, and gives itself access", () => {
    put({ "/etc/shadow": "x" });
    tree.adjust("/etc/shadow", { mode: 0, user: "root", group: "shadow", origin: "test" });
    expect(tree.meta.get("etc/shadow")).toMatchObject({ mode: 0o100000, group: "shadow" });
    expect(lstatSync(join(folder, "root/etc/shadow")).mode & 0o777).toBe(0o600);
    tree.write("/etc/shadow", "y", { origin: "test" });
    expect(tree.meta.get("etc/shadow")).toMatchObject({ mode: 0o100000, group: "shadow" });
  });

  it("IMAGE_CONFLICT where a folder stands in the way", () => {
    tree.makeFolder("/a", { origin: "test" });
    put({ "/b": "" });
    for (const work of [
      () => tree.write("/a", "", { origin: "test" }),
      () => tree.link("/a", "x", "test"),
      () => tree.makeFolder("/b", { origin: "test" }),
    ]) {
      expect(work).toThrow(expect.objectContaining({ code: "IMAGE_CONFLICT" }) as WeirError);
    }
  });
});

describe("accounts", () => {
  const start = {
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\nold:x:999:998::/:/bin/sh\n",
    "/etc/group": "root:x:0:\nold:x:998:\nmail:x:12:root\n",
  };

  it("are added as systemd-sysusers adds them", () => {
    put({
      ...start,
      "/usr/lib/sysusers.d/b.conf": [
        "# comment",
        'u fixed 71 "With a name" /var/lib/fixed /bin/sh',
        "u free -",
        "u! locked 72:mail -",
        "g only -",
        "g numbered 300",
        "m free mail",
        "m fixed mail",
        "u old 5",
        "r - 500-900",
      ].join("\n"),
      "/usr/lib/sysusers.d/a.conf": "u hidden 73\n",
      "/etc/sysusers.d/a.conf": "",
    });
    expect(applySysusers(tree, epoch)).toEqual([]);
    expect(tree.read("/etc/passwd")?.split("\n").slice(2)).toEqual([
      "fixed:x:71:71:With a name:/var/lib/fixed:/bin/sh",
      "free:x:996:996::/:/usr/sbin/nologin",
      "locked:x:72:12::/:/usr/sbin/nologin",
      "",
    ]);
    expect(tree.read("/etc/group")?.split("\n")).toEqual([
      "root:x:0:",
      "old:x:998:",
      "mail:x:12:root,free,fixed",
      "only:x:997:",
      "numbered:x:300:",
      "fixed:x:71:",
      "free:x:996:",
      "",
    ]);
    expect(tree.read("/etc/shadow")).toBe(
      ["fixed", "free", "locked", "old"].map((name) => `${name}:!*:20089::::::\n`).join(""),
    );
    expect(tree.meta.get("etc/shadow")?.mode).toBe(0o100000);
    const before = tree.read("/etc/group");
    applySysusers(tree, epoch);
    expect(tree.read("/etc/group")).toBe(before);
    const accounts = new Accounts(tree);
    expect([accounts.uid("free"), accounts.gid("mail"), accounts.uid("7"), accounts.uid("nobody")]).toEqual([
      996,
      12,
      7,
      undefined,
    ]);
  });

  it("are skips where a line cannot be applied", () => {
    put({
      "/usr/lib/sysusers.d/bad.conf":
        'u "a:b" 1\nx what 1\nu file /usr/bin/x\nu open "no end\nu g 5:nogroup\nu inject - "a:b"\nm only\n',
    });
    expect(applySysusers(tree, epoch).map((skip) => skip.subject)).toEqual(
      [1, 2, 4, 6, 7, 3, 5].map((line) => `/usr/lib/sysusers.d/bad.conf:${line}`),
    );
  });
});

describe("tmpfiles", () => {
  it("makes what lasts and leaves the rest", () => {
    put({
      "/usr/share/factory/etc/copied": "factory",
      "/usr/share/skeleton/deep/file": "s",
      "/etc/there": "there",
      "/usr/lib/tmpfiles.d/a.conf": [
        "d /var/lib/a 2750 owner team -",
        "d %S/b",
        "f /var/lib/file 0600 - - - two words\\n",
        "f+ /etc/there - - - - new",
        "L /etc/link - - - - ../usr/x",
        "L? /etc/other - - - - ../usr/y",
        "C /etc/copied",
        "C /var/skeleton - - - - /usr/share/skeleton",
        "z /etc/there 0400 owner - -",
        "d /run/gone 0755",
        "D! /boot-only 0755",
        "r /var/lib/file",
        "x /tmp/keep",
        "p /var/pipe",
        "d /var/%m",
        "d /../escape",
        "z /var/* 0700",
        "d /var/strange rwx",
      ].join("\n"),
    });
    expect(applyTmpfiles(tree).map((skip) => [Number(skip.subject.split(":")[1]), skip.reason])).toEqual([
      [14, "a line of the type p"],
      [15, "a path that is known only when the system runs"],
      [16, "a path with .."],
      [17, "a pattern of names"],
      [18, "the mode rwx"],
    ]);
    expect(tree.meta.get("var/lib/a")).toMatchObject({ mode: 0o42750, user: "owner", group: "team" });
    expect(tree.isFolder("/var/lib/b")).toBe(true);
    expect(tree.read("/var/lib/file")).toBe("two words\n");
    expect(tree.read("/etc/there")).toBe("new");
    expect(tree.meta.get("etc/there")).toMatchObject({ mode: 0o100400, user: "owner" });
    expect([tree.linkTarget("/etc/link"), tree.linkTarget("/etc/other")]).toEqual(["../usr/x", undefined]);
    expect([tree.read("/etc/copied"), tree.read("/var/skeleton/deep/file")]).toEqual(["factory", "s"]);
    for (const path of ["/run/gone", "/boot-only", "/escape"]) expect(tree.find(path)).toBeUndefined();
  });
});

describe("presets", () => {
  const unit = (install: string) => `[Unit]\n[Service]\nExecStart=/x\n[Install]\n${install}\n`;
  const link = (path: string) => tree.linkTarget(`/etc/systemd/system/${path}`);
  beforeEach(() => {
    put({
      "/usr/lib/systemd/system/on.service": unit("WantedBy=multi-user.target\nAlias=alias.service\nAlso=also.socket"),
      "/usr/lib/systemd/system/also.socket": unit("WantedBy=sockets.target"),
      "/usr/lib/systemd/system/off.service": unit("WantedBy=multi-user.target"),
      "/usr/lib/systemd/system/static.service": "[Service]\nExecStart=/x\n",
      "/usr/lib/systemd/system/get@.service": unit("WantedBy=getty.target\nDefaultInstance=tty1"),
      "/usr/lib/systemd/system/need.service": unit("RequiredBy=a.target b.target"),
      "/usr/lib/systemd/system-preset/90.preset":
        "enable on.service\nenable get@.service\nenable nee?.service\ndisable *\n",
    });
  });

  it("decide by the first line that fits", () => {
    const { enabled, skips } = applyPresets(tree, { enable: [], disable: [] });
    expect(enabled).toEqual(["also.socket", "get@.service", "need.service", "on.service"]);
    expect(skips).toEqual([]);
    expect(link("multi-user.target.wants/on.service")).toBe("/usr/lib/systemd/system/on.service");
    expect(link("alias.service")).toBe("/usr/lib/systemd/system/on.service");
    expect(link("sockets.target.wants/also.socket")).toBe("/usr/lib/systemd/system/also.socket");
    expect(link("getty.target.wants/get@tty1.service")).toBe("/usr/lib/systemd/system/get@.service");
    expect(link("b.target.requires/need.service")).toBe("/usr/lib/systemd/system/need.service");
    expect(link("multi-user.target.wants/off.service")).toBeUndefined();
  });

  it("yield to the image's own choice", () => {
    tree.link("/etc/systemd/system/multi-user.target.wants/on.service", "/usr/lib/systemd/system/on.service", "test");
    const { enabled, skips } = applyPresets(tree, {
      enable: ["off.service", "static.service", "gone.service"],
      disable: ["on.service", "also.socket", "lost.service"],
    });
    expect(enabled).toEqual(["get@.service", "need.service", "off.service"]);
    expect(skips.map((skip) => skip.subject)).toEqual(["static.service", "gone.service", "lost.service"]);
    expect(link("multi-user.target.wants/on.service")).toBeUndefined();
    expect(link("multi-user.target.wants/off.service")).toBe("/usr/lib/systemd/system/off.service");
  });

  it("do not let unit files choose places outside", () => {
    put({ "/usr/lib/systemd/system/evil.service": unit("WantedBy=../../../../tmp/x.target\nAlias=../evil.service") });
    applyPresets(tree, { enable: ["evil.service"], disable: [] });
    expect(tree.list("/")).toEqual(["etc", "usr"]);
  });
});

describe("words and capabilities", () => {
  it.each([
    ["a  b", ["a", "b"]],
    [`u x - "two words" ''`, ["u", "x", "-", "two words", ""]],
    ["a\\ b", ["a b"]],
    [`open "quote`, undefined],
  ])("splits %s", (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it.each([
    ["cap_net_raw=p", "0000000200200000000000000000000000000000"],
    ["cap_net_admin,cap_net_raw=ep", "0100000200300000000000000000000000000000"],
    ["= cap_setuid+ep", "0100000280000000000000000000000000000000"],
    ["cap_checkpoint_restore=i", "0000000200000000000000000000000000010000"],
  ])("writes %s as the kernel wants it", (text, hex) => {
    expect(capabilityAttribute(text)?.toString("hex")).toBe(hex);
  });

  it("knows what is no capability", () => {
    expect([capabilityAttribute("cap_unknown=p"), capabilityAttribute("nonsense")]).toEqual([undefined, undefined]);
  });
});
