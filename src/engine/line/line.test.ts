import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeRepository } from "../../../test/support/metadata.ts";
import { silentProgress } from "../../core/index.ts";
import type { Project, WeirProject } from "../define/index.ts";
import { channelOf, sourceChannelOf } from "./channels.ts";
import { expectedBuilds } from "./dry-run.ts";
import { imageStage } from "./image-stage.ts";
import { auditFiles } from "./judge-stages.ts";
import { lazySandbox } from "./lazy-sandbox.ts";
import { readMacroSet } from "./macro-set.ts";
import { changelogTime } from "./render-stage.ts";
import { StageBook } from "./stage-book.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir-line-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("the time of a local component", () => {
  it("is noon of its newest changelog entry", () => {
    const spec =
      "Name: x\n%changelog\n* Wed Nov 19 2025 A B <a@b> - 1-1\n- text\n\n* Tue Jan 02 2024 A B <a@b>\n- old\n";
    expect(changelogTime(spec)).toBe(Date.UTC(2025, 10, 19, 12) / 1000);
    expect(changelogTime("Name: x\n")).toBeUndefined();
    expect(changelogTime("%changelog\n* Wed Foo 99 2025 x\n")).toBeUndefined();
  });
});

describe("channels", () => {
  const project = {
    components: new Map([
      [
        "a",
        {
          config: { packages: { "a-doc": { publish: { "rpm-channel": "sdk" } } }, publish: { "srpm-channel": "src" } },
        },
      ],
      ["b", { config: { packages: {}, publish: { "rpm-channel": "none" } } }],
    ]),
    packageChannels: new Map([["a", { "rpm-channel": "grouped" }]]),
    defaultPublish: { "rpm-channel": "base", "debuginfo-channel": "debug" },
  } as unknown as Project;

  it("are found from the package outwards", () => {
    expect(channelOf(project, "a", "a-doc")).toBe("sdk");
    expect(channelOf(project, "a", "a")).toBe("grouped");
    expect(channelOf(project, "a", "a-libs")).toBe("base");
    expect(channelOf(project, "a", "a-debuginfo")).toBe("debug");
    expect(channelOf(project, "b", "b")).toBeUndefined();
    expect(sourceChannelOf(project, "a")).toBe("src");
    expect(sourceChannelOf(project, "b")).toBeUndefined();
  });
});

describe("the macro set", () => {
  beforeEach(async () => {
    await mkdir(join(folder, "rpm"));
    await writeFile(join(folder, "rpm/macros"), "%dist .rpm\n%mine old\n");
    await mkdir(join(folder, "own/macros.d"), { recursive: true });
    await writeFile(join(folder, "own/macros.d/macros.own"), "%dist .own\n%python3_version %(python3 --version)\n");
  });

  it("lets the definition's macros win, and answers of interpreters above all", () => {
    const set = readMacroSet(join(folder, "rpm"), [join(folder, "own")], "x86_64", { python3_version: "3.13" });
    expect(set.context.expand("%{dist} %{mine} %{python3_version}")).toBe(".own old 3.13");
    expect(set.digest).not.toBe(readMacroSet(join(folder, "rpm"), [], "x86_64").digest);
  });

  it("refuses folders that hold none, and too much", async () => {
    const read = () => readMacroSet(join(folder, "rpm"), [join(folder, "none")], "x86_64");
    expect(read).toThrow(expect.objectContaining({ code: "MACRO_SET_EMPTY" }));
    await mkdir(join(folder, "none"));
    await writeFile(join(folder, "none/big"), Buffer.alloc((1 << 20) + 1));
    expect(read).toThrow(expect.objectContaining({ code: "MACRO_SET_TOO_LARGE" }));
  });
});

describe("files to audit", () => {
  const weir = (dockerfiles: string[]) => ({ audit: { dockerfiles } }) as unknown as WeirProject;

  it("are found by path and by pattern, once each", async () => {
    await mkdir(join(folder, "docker/deep"), { recursive: true });
    for (const name of ["docker/a.Dockerfile", "docker/deep/b.Dockerfile", "docker/c.txt"])
      await writeFile(join(folder, name), "");
    const found = await auditFiles(
      weir([`${folder}/docker/**/*.Dockerfile`, `${folder}/docker/a.Dockerfile`]),
      join(folder, "definition"),
    );
    expect(found.map((file) => file.name)).toEqual(["docker/a.Dockerfile", "docker/deep/b.Dockerfile"]);
  });

  it("must be there when named", async () => {
    await expect(auditFiles(weir([join(folder, "gone")]), folder)).rejects.toMatchObject({
      code: "AUDIT_FILE_MISSING",
    });
  });
});

describe("images", () => {
  const origin = { file: "weir.toml", line: 3 };
  const profile = { image: "base", packages: [], weakDependencies: false, enable: [], disable: [], origin };
  const stage = (images: Map<string, unknown>) =>
    imageStage(
      {
        project: { root: folder, images, defaultDistro: { name: "tiny", version: "1" } } as unknown as Project,
        weir: { profiles: new Map([["container", profile]]) } as unknown as WeirProject,
        repository: makeRepository("tiny", []),
        snapshotDigest: "0",
        revision: 1,
        arch: "x86_64",
        sandbox: lazySandbox(() => Promise.reject(new Error("no sandbox is needed"))),
        book: new StageBook(folder, "1"),
        progress: silentProgress,
        signal: new AbortController().signal,
      },
      folder,
    );

  it("need a description in the definition", async () => {
    await expect(stage(new Map())).rejects.toMatchObject({ code: "IMAGE_NOT_IN_DEFINITION", where: origin });
  });

  it("say why their packages cannot be installed", async () => {
    const kiwi = `<?xml version="1.0"?>
<image schemaversion="8.0" name="tiny">
  <preferences><version>1.0.0</version><type image="oci"><containerconfig name="tiny"/></type></preferences>
  <packages type="image"><package name="ghost"/></packages>
</image>`;
    await writeFile(join(folder, "tiny.kiwi"), kiwi);
    const config = { definition: { type: "kiwi", path: join(folder, "tiny.kiwi") }, capabilities: { container: true } };
    await expect(stage(new Map([["base", config]]))).rejects.toMatchObject({
      code: "IMAGE_UNSOLVABLE",
      message: expect.stringContaining("ghost"),
    });
  });
});

describe("a dry run", () => {
  const node = (id: string, ...on: string[]) => ({ id, component: id, edges: on.map((other) => ({ on: other })) });
  const plan = { nodes: [node("a"), node("b", "a"), node("c")] } as unknown as Parameters<typeof expectedBuilds>[0];

  it("follows a change to what may need it", async () => {
    const render = { rendered: [], changed: ["a"], removed: [], failed: [] };
    expect((await expectedBuilds(plan, render, folder)).map((item) => item.reason)).toEqual([
      "never built",
      "never built",
      "never built",
    ]);
    await mkdir(join(folder, ".weir/store/history"), { recursive: true });
    await writeFile(join(folder, ".weir/store/history/a.json"), "{}");
    expect(await expectedBuilds(plan, render, folder)).toEqual([
      { node: "a", reason: "its rendered files changed" },
      { node: "b", reason: "a may give other packages" },
    ]);
  });
});
