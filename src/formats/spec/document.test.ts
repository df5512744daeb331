import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { azureLinuxTree } from "../../../test/support/tools.ts";
import { decodeSpec, encodeSpec, parseSpec, writeSpec } from "./index.ts";

const sample = `Name: foo
%global body %{expand:
%package phantom
}
%define more \\
%files phantom \\
  Summary: no tag
Version:\t1
%if %{with x}
Requires(pre): a \\
  b
%else
%ifarch x86_64
%package -n whole
Summary: s
%endif
%endif
%description -l de sub
%files sub -f list
%changelog
- nothing`;

describe("parseSpec", () => {
  const document = parseSpec(sample);

  it("sees sections where rpm does, not inside macros or continuations", () => {
    expect(
      document.sections.map((one) => [one.name, one.full, one.suffix, one.start, one.end, one.conditional]),
    ).toEqual([
      ["preamble", undefined, undefined, 0, 13, -1],
      ["package", "whole", undefined, 13, 17, 1],
      ["description", undefined, "sub", 17, 18, -1],
      ["files", undefined, "sub", 18, 19, -1],
      ["changelog", undefined, undefined, 19, 21, -1],
    ]);
  });

  it("nests conditionals", () => {
    expect(document.conditionals).toEqual([
      {
        branches: [
          { kind: "if", line: 8, end: 11 },
          { kind: "else", line: 11, end: 16 },
        ],
        endif: 16,
        parent: -1,
      },
      { branches: [{ kind: "ifarch", line: 12, end: 15 }], endif: 15, parent: 0 },
    ]);
  });

  it("reads tags with their continuation", () => {
    expect(document.tags.map((one) => [one.name, one.qualifier, one.value, one.line, one.conditional])).toEqual([
      ["Name", undefined, "foo", 0, -1],
      ["Version", undefined, "1", 7, -1],
      ["Requires", "pre", "a \\\n  b", 9, 0],
      ["Summary", undefined, "s", 14, 1],
    ]);
  });

  it("names brackets that never close and goes on", () => {
    const open = parseSpec("Name: a\n# %{oops\nVersion: 1\n%files\n");
    expect(open.unclosed).toEqual([1]);
    expect(open.sections.map((one) => one.name)).toEqual(["preamble", "files"]);
    expect(open.tags.map((one) => one.name)).toEqual(["Name", "Version"]);
  });

  it("loses nothing, whatever the text", () => {
    for (const text of [
      "",
      "\n",
      "\r\n",
      "a",
      "a\r",
      "%if\n%if",
      "%else\n%endif\n",
      "\ufeffName: x\r\n%files",
      sample,
    ]) {
      expect(writeSpec(parseSpec(text))).toBe(text);
    }
    for (let i = 0; i < sample.length; i++) expect(writeSpec(parseSpec(sample.slice(0, i)))).toBe(sample.slice(0, i));
  });

  it("keeps bytes that are no UTF-8", () => {
    const bytes = Uint8Array.from([0x4e, 0xe9, 0x0a, 0xff]);
    const { text, encoding } = decodeSpec(bytes);
    expect(encoding).toBe("latin1");
    expect(encodeSpec(writeSpec(parseSpec(text)), encoding)).toEqual(Buffer.from(bytes));
  });
});

describe("the real tree", () => {
  const tree = azureLinuxTree();

  it.skipIf(tree.missing !== undefined)("comes back byte for byte", { timeout: 120_000 }, () => {
    const root = join(tree.path ?? "", "specs");
    let read = 0;
    for (const letter of readdirSync(root)) {
      for (const name of readdirSync(join(root, letter))) {
        let bytes: Buffer;
        try {
          bytes = readFileSync(join(root, letter, name, `${name}.spec`));
        } catch {
          continue;
        }
        const { text, encoding } = decodeSpec(bytes);
        if (!Buffer.from(encodeSpec(writeSpec(parseSpec(text)), encoding)).equals(bytes)) throw new Error(name);
        read++;
      }
    }
    expect(read).toBeGreaterThan(7000);
  });
});
