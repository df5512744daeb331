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
import { mergeTree } from "./merge-tree.ts";

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "weir-merge-"));
  root = join(folder, "root");
  mkdirSync(root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a layer: path → text, or `-> target` for a link. */
function layer(name: string, entries: Record<string, string>): string {
  for (const [path, text] of Object.entries(entries)) {
    const place = join(folder, name, path);
    mkdirSync(join(place, ".."), { recursive: true });
    if (text.startsWith("-> ")) symlinkSync(text.slice(3), place);
    else writeFileSync(place, text);
  }
  return join(folder, name);
}

const text = (path: string) => readFileSync(join(root, path), "utf8");

describe("mergeTree", () => {
  it("lets later layers replace files and follows links to folders inside the root", () => {
    mergeTree(layer("a", { "usr/lib/x": "1", lib: "-> usr/lib", "etc/both": "a", deep: "-> /usr/../usr/lib" }), root);
    mergeTree(layer("b", { "lib/y": "2", "etc/both": "b", "deep/z": "3" }), root);
    expect([text("usr/lib/x"), text("usr/lib/y"), text("usr/lib/z"), text("etc/both")]).toEqual(["1", "2", "3", "b"]);
    expect(lstatSync(join(root, "lib")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "a/etc/both"), "utf8")).toBe("a");
  });

  it("leaves no way out of the root", () => {
    const outside = join(folder, "outside");
    mkdirSync(outside);
    mergeTree(
      layer("a", {
        one: `-> ${outside}`,
        two: "-> ../outside",
        three: "-> ../../../../../../../../tmp",
        f: "-> ../outside/f",
      }),
      root,
    );
    mergeTree(layer("b", { "one/x": "1", "two/x": "2", "three/weir-x": "3", f: "4" }), root);
    expect(existsSync(join(outside, "x"))).toBe(false);
    expect(existsSync(join(outside, "f"))).toBe(false);
    expect(existsSync("/tmp/weir-x")).toBe(false);
    expect([text("one/x"), text("two/x"), text("three/weir-x"), text("f")]).toEqual(["1", "2", "3", "4"]);
  });

  it("refuses links that lead in a circle", () => {
    mergeTree(layer("a", { one: "-> two", two: "-> one" }), root);
    expect(() => mergeTree(layer("b", { "one/x": "1" }), root)).toThrow(
      expect.objectContaining({ code: "BUILDROOT_LINK_LOOP" }),
    );
  });

  it("keeps a folder with content where a link would hide it", () => {
    mergeTree(layer("a", { "usr/bin/x": "1", bin: "-> usr/bin" }), root);
    mergeTree(layer("b", { usr: "-> elsewhere" }), root);
    expect(text("bin/x")).toBe("1");
  });
});
