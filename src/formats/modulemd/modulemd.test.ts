import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../../../test/support/tools.ts";
import { WeirError } from "../../core/index.ts";
import { decompress } from "../archive/index.ts";
import { type Modules, parseModules, writeModules } from "./index.ts";

const parse = (text: string): Modules => parseModules(Buffer.from(text), "modules.yaml");

const example = `# made by hand
---
document: modulemd
version: 2
data:
  name: nodejs
  stream: 1.10   # not a number
  version: 18446744073709551615
  context: c0ffee42
  static_context: true
  arch: x86_64
  summary: A "runtime"
  description: >-
    Two lines
    folded.
  license:
    module: [MIT]
    content:
    - Apache-2.0
  xmd:
    mbs: {koji_tag: "x"}
  dependencies:
  - buildrequires:
      platform: [el9]
    requires:
      platform: [-f29, -f30]
      perl: []
  - requires:
      platform: [f31]
  references:
    tracker: https://example.org/
  profiles:
    common:
      description: Usual
      rpms: [nodejs, npm]
    minimal:
      rpms:
      - nodejs
  api:
    rpms: [nodejs]
  filter:
    rpms: [nodejs-secret]
  demodularized:
    rpms: [old]
  components:
    rpms:
      nodejs: {rationale: because, buildorder: 3}
  artifacts:
    rpms:
    - nodejs-1:20.1.0-1.x86_64
    rpm-map:
      sha256: {}
...
---
document: modulemd
version: 1
data:
  name: old
  stream: master
  summary: ""
  description: ""
  license:
    module: [MIT]
  version: 20180101
  dependencies:
    requires:
      platform: f27
...
---
document: modulemd-defaults
version: 1
data:
  module: nodejs
  stream: "1.10"
  profiles:
    1.10: [common]
    '2': []
---
document: modulemd-obsoletes
version: 1
data:
  modified: 2020-05-01T00:00Z
  module: nodejs
  stream: "1.10"
  eol_date: 2021-01-01T00:00Z
  message: gone
  obsoleted_by: {module: nodejs, stream: "2"}
---
document: modulemd-translations
version: 1
data:
  module: nodejs
  stream: "1.10"
  modified: 201805231425
  translations:
    ja: {summary: 概要}
`;

describe("modulemd", () => {
  it("reads every kind of document", () => {
    const modules = parse(example);
    expect(modules.skips).toEqual([]);
    const [stream, old] = modules.streams;
    expect(stream).toMatchObject({
      documentVersion: 2,
      name: "nodejs",
      stream: "1.10",
      version: "18446744073709551615",
      context: "c0ffee42",
      staticContext: true,
      summary: 'A "runtime"',
      description: "Two lines folded.",
      licenses: { module: ["MIT"], content: ["Apache-2.0"] },
      dependencies: [
        {
          buildrequires: [{ module: "platform", streams: ["el9"] }],
          requires: [
            { module: "platform", streams: ["-f29", "-f30"] },
            { module: "perl", streams: [] },
          ],
        },
        { buildrequires: [], requires: [{ module: "platform", streams: ["f31"] }] },
      ],
      profiles: [
        { name: "common", description: "Usual", rpms: ["nodejs", "npm"] },
        { name: "minimal", description: "", rpms: ["nodejs"] },
      ],
      artifacts: ["nodejs-1:20.1.0-1.x86_64"],
      api: ["nodejs"],
      filter: ["nodejs-secret"],
      demodularized: ["old"],
      xmd: new Map([["mbs", new Map([["koji_tag", "x"]])]]),
    });
    expect([...(stream?.rest.keys() ?? [])]).toEqual(["references", "components", "artifacts"]);
    expect(old).toMatchObject({
      documentVersion: 1,
      version: "20180101",
      context: "",
      dependencies: [{ buildrequires: [], requires: [{ module: "platform", streams: ["f27"] }] }],
    });
    expect(modules.defaults).toEqual([
      {
        module: "nodejs",
        stream: "1.10",
        modified: undefined,
        intents: undefined,
        profiles: [
          { stream: "1.10", profiles: ["common"] },
          { stream: "2", profiles: [] },
        ],
      },
    ]);
    expect(modules.obsoletes).toEqual([
      {
        module: "nodejs",
        stream: "1.10",
        context: undefined,
        modified: "2020-05-01T00:00Z",
        reset: false,
        message: "gone",
        eolDate: "2021-01-01T00:00Z",
        obsoletedBy: { module: "nodejs", stream: "2" },
      },
    ]);
    expect(modules.translations).toHaveLength(1);
  });

  it("comes back as it was written, and the second time the same bytes", () => {
    const text = writeModules(parse(example));
    const again = parse(text);
    expect(again.skips).toEqual([]);
    expect(writeModules(again)).toBe(text);
    const shuffled = parse(example);
    expect(again.streams.find((stream) => stream.name === "nodejs")?.rest).toEqual(shuffled.streams[0]?.rest);
    expect(
      writeModules({
        ...shuffled,
        streams: [...shuffled.streams].reverse(),
        defaults: [...shuffled.defaults].reverse(),
      }),
    ).toBe(text);
  });

  it("reads on behind a document that is bad, and says where it is", () => {
    const head = "document: modulemd\nversion: 2\ndata:\n  name: n\n  stream: s\n";
    const whole = `${head}  summary: s\n  description: d\n  license: {module: [MIT]}\n`;
    const obsoletes =
      "document: modulemd-obsoletes\nversion: 1\ndata:\n  module: m\n  stream: s\n  modified: 2024-01-01T00:00Z\n";
    const cases: [string, string, string][] = [
      ["document: modulemd\nversion: 2\ndata:\n  stream: x", "a:2", "data.name is missing"],
      ["document: modulemd\nversion: 9\ndata: {}", "a:2", "a document modulemd of version 9, which is not known"],
      ["document: modulemd-packager\nversion: 3\ndata: {}", "a:2", "a packager's document, which no repository has"],
      ["document: modulemd\nversion: 2\ndata:\n  name: &a x", "a:6", "an anchor, alias or tag, which are not read"],
      ["document: modulemd\nversion: 2\ndata: []", "a:2", "data is no map"],
      ["a: b\na: c", "a:4", "the key a is there twice"],
      [`${head}  summary: s\n  description: d\n`, "a:2", "data.license.module is missing"],
      [`${head}  summary: s\n  license: {module: [MIT]}\n`, "a:2", "data.description is missing"],
      [`${whole}  artifacts: {rpms: [a-1-1.x86_64]}\n`, "a:2", "data.artifacts has no N-E:V-R.A: a-1-1.x86_64"],
      [`${whole}  artifacts: {rpms: ["a-x:1-1.x86_64"]}\n`, "a:2", "data.artifacts has no N-E:V-R.A: a-x:1-1.x86_64"],
      [`${whole}  static_context: true\n  context: a-b\n`, "a:2", "data.context is no static context: a-b"],
      [
        `${whole}  dependencies: [{requires: {p: [-a, b]}}]\n`,
        "a:2",
        "data.dependencies names and excludes streams of p at once",
      ],
      [obsoletes, "a:2", "data.message is missing"],
      [`${obsoletes}  message: m\n  eol_date: soon\n`, "a:2", "no date such as 2024-01-31T12:00Z: soon"],
      [
        `${obsoletes}  message: m\n  reset: true\n  eol_date: 2024-01-01T00:00Z\n`,
        "a:2",
        "data.reset stands beside what it takes back",
      ],
      ["just text", "a:2", "the document is no map"],
    ];
    for (const [text, subject, reason] of cases) {
      const modules = parseModules(
        Buffer.from(`\n---\n${text}\n---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: m}\n`),
        "a",
      );
      expect(modules.defaults).toHaveLength(1);
      expect(modules.skips).toEqual([{ subject, reason }]);
    }
  });

  it("reads quoted text that goes on without indentation, as in Fedora's own files", () => {
    const text = "document: modulemd-defaults\nversion: 1\ndata:\n  module: 'one\n\n\n  two\n\n'\n  stream: \"a\nb\"\n";
    expect(parse(text).defaults[0]).toMatchObject({ module: "one\n\ntwo\n", stream: "a b" });
  });

  it("MODULEMD_MALFORMED for what is no module metadata, MODULEMD_TOO_LARGE for endless documents", () => {
    const code = (text: string): string => {
      try {
        parse(text);
        return "";
      } catch (error) {
        return error instanceof WeirError ? error.code : String(error);
      }
    };
    expect(code("<html>")).toBe("MODULEMD_MALFORMED");
    expect(code("")).toBe("");
    expect(code("---\na\n".repeat(200_001))).toBe("MODULEMD_TOO_LARGE");
  });

  const shared = sharedPath("data", "repodata", "cs9-appstream-2025-01", "repodata");
  it.skipIf(shared.missing !== undefined)(`reads real modules (${shared.missing ?? "present"})`, async () => {
    const name = "ffe6aa44abe8480c2f7a59b9e92f251f10018e1e79ac33e2807260dd03955592-modules.yaml.xz";
    const bytes = await decompress(await readFile(join(shared.path ?? "", name)), { where: name, limit: 1 << 24 });
    const modules = parseModules(bytes, name);
    expect(modules.skips).toEqual([]);
    expect(modules.streams.length + modules.defaults.length).toBe(39);
    const artifacts = modules.streams.flatMap((stream) => stream.artifacts);
    expect(artifacts.length).toBe(bytes.toString().match(/^ {4}- \S+-\d+:\S+$/gm)?.length);
    const again = parseModules(Buffer.from(writeModules(modules)), "again");
    expect(writeModules(again)).toBe(writeModules(modules));
    expect(new Set(again.streams.flatMap((stream) => stream.artifacts))).toEqual(new Set(artifacts));
    expect(again.streams.map((stream) => stream.xmd)).toContainEqual(new Map());
  });
});
