import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { layRepository } from "../../../test/support/repository.ts";
import { openFromRepository } from "../compat/index.ts";
import { deriveFacts } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "weir-facts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("reads facts off the legacy distribution's own packages", async () => {
  const old = layRepository(join(folder, "old"), "old", [
    {
      name: "oldmill-release",
      version: "1.0",
      release: "9.om1",
      files: [
        { path: "/usr/lib/os-release", content: 'NAME="Old Mill Linux"\nID=oldmill\nVERSION_ID="1.0"\nHOME_URL=x\n' },
        { path: "/etc/oldmill-release", content: "x" },
        { path: "/etc/yum.repos.d/oldmill-base.repo", content: "x" },
        { path: "/etc/yum.repos.d/shared.repo", content: "x" },
        { path: "/etc/pki/rpm-gpg/KEY-oldmill", content: "x" },
      ],
    },
  ]);
  const now = layRepository(join(folder, "new"), "new", [
    {
      name: "mill-release",
      version: "2.0",
      release: "1.ml2",
      files: [{ path: "/etc/yum.repos.d/shared.repo", content: "x" }],
    },
  ]);
  const plain = {
    distTags: ["om1"],
    repositoryIds: ["oldmill-base"],
    keyFiles: ["KEY-oldmill"],
    releases: ["1.0"],
    paths: { "/etc/oldmill-release": "/etc/os-release" },
  };
  expect(await deriveFacts(old, now)).toEqual({ ...plain, osIds: [] });
  expect(await deriveFacts(old, now, openFromRepository(old))).toEqual({
    ...plain,
    osIds: ["Old Mill Linux", "oldmill"],
  });
});
