import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKey } from "openpgp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildRpm } from "../../../test/support/rpm-builder.ts";
import { type Report, silentProgress } from "../../core/index.ts";
import { type CommandContext, CommandOptions } from "../command.ts";
import { show, unpack } from "./rpm.ts";
import { pack } from "./rpm-pack.ts";
import { sign, verify } from "./rpm-sign.ts";

let cwd = "";
let context: CommandContext;
const epoch = process.env.SOURCE_DATE_EPOCH;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "weir-cli-rpm-"));
  context = {
    cwd,
    progress: silentProgress,
    signal: new AbortController().signal,
    verbose: false,
    dryRun: false,
    network: false,
  };
  process.env.SOURCE_DATE_EPOCH = "1700001000";
  const pair = await generateKey({
    userIDs: [{ name: "Signer" }],
    type: "ecc",
    curve: "ed25519Legacy",
    date: new Date(1_700_000_000_000),
  });
  writeFileSync(join(cwd, "secret.asc"), pair.privateKey);
  writeFileSync(join(cwd, "public.asc"), pair.publicKey);
  mkdirSync(join(cwd, "tree/etc"), { recursive: true });
  writeFileSync(join(cwd, "tree/etc/tool.conf"), "a=1\n");
  writeFileSync(
    join(cwd, "tool.toml"),
    'name = "tool"\nversion = "1.0"\nrequires = ["(a or b)"]\n[[files]]\npath = "/etc/**"\nflags = ["config"]\n',
  );
});
afterAll(() => {
  if (epoch === undefined) delete process.env.SOURCE_DATE_EPOCH;
  else process.env.SOURCE_DATE_EPOCH = epoch;
  rmSync(cwd, { recursive: true, force: true });
});

const input = (args: readonly string[], options: Record<string, unknown> = {}) => ({
  args,
  options: new CommandOptions(options),
});
const file = "out/tool-1.0-1.noarch.rpm";
const packIt = () => pack(input(["tool.toml"], { tree: "tree", to: "out", compress: "gzip" }), context);
const rules = (report: Report) => report.findings.map(({ rule }) => rule);
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => "",
    (error: unknown) => (error as { code?: string }).code,
  );

describe("weir rpm", () => {
  it("packs the same bytes twice, signs, verifies, shows and unpacks", async () => {
    expect((await packIt()).summary[0]).toMatch(
      /^tool-1\.0-1\.noarch with 1 files is out\/tool-1\.0-1\.noarch\.rpm, \d+ bytes\.$/,
    );
    const bytes = readFileSync(join(cwd, file));
    await packIt();
    expect(readFileSync(join(cwd, file)).equals(bytes)).toBe(true);

    expect(rules(await verify(input([file]), context))).toEqual([]);
    expect(rules(await verify(input([file], { keyring: ["public.asc"] }), context))).toEqual(["RPM004"]);
    const signed = await sign(input([file], { key: "secret.asc" }), context);
    expect(signed.tables[0]?.rows).toEqual([[file, "signed (dsa)"]]);
    const checked = await verify(input([file], { keyring: ["public.asc"], deep: true }), context);
    expect(rules(checked)).toEqual([]);
    expect(checked.summary).toEqual(["1 packages, all trusted."]);
    const unjudged = await verify(input([file]), context);
    expect(unjudged.skips[0]?.reason).toMatch(/no keyring was given$/);

    const shown = (await show(input([file], { tags: true }), context)).data as { packages: Record<string, unknown>[] };
    expect(shown.packages[0]).toMatchObject({
      nevra: "tool-1.0-1.noarch",
      requires: expect.arrayContaining([
        expect.objectContaining({ name: "(a or b)", rich: expect.objectContaining({ kind: "or" }) }),
      ]),
      tags: { main: { name: "tool", fileflags: [1] } },
      signatures: [{ slot: "dsa", covers: "header", algorithm: "EdDSA", created: 1_700_001_000 }],
    });
    expect(() => JSON.stringify(shown)).not.toThrow();

    const unpacked = await unpack(input([file], { to: "root" }), context);
    expect(unpacked.summary[0]).toBe("1 files of tool-1.0-1.noarch are below root, 4 bytes.");
    expect(readFileSync(join(cwd, "root/etc/tool.conf"), "utf8")).toBe("a=1\n");
  });

  it("finds what was changed", async () => {
    await packIt();
    await sign(input([file], { key: "secret.asc" }), context);
    const bytes = readFileSync(join(cwd, file));
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] as number) ^ 1;
    writeFileSync(join(cwd, file), bytes);
    expect(rules(await verify(input([file], { keyring: ["public.asc"] }), context))).toContain("RPM001");
  });

  it("goes on after a package that cannot be read, and opens payloads when asked", async () => {
    writeFileSync(join(cwd, "page.rpm"), "<html>not found</html>".repeat(10));
    await packIt();
    const report = await verify(input(["page.rpm", file]), context);
    expect(report.findings.map(({ rule, subject }) => [rule, subject])).toEqual([["RPM001", "page.rpm"]]);
    expect(await codeOf(verify(input(["absent.rpm"]), context))).toBe("RPM_UNREADABLE");
    const wrong = buildRpm({
      name: "wrong",
      version: "1",
      release: "1",
      files: [{ path: "/a", content: "x", digest: "0".repeat(64) }],
    });
    writeFileSync(join(cwd, "wrong.rpm"), wrong);
    expect(rules(await verify(input(["wrong.rpm"], { deep: true }), context))).toEqual(["RPM005"]);
  });

  it("writes nothing in a dry run", async () => {
    const dry = { ...context, dryRun: true };
    expect((await pack(input(["tool.toml"], { tree: "tree", to: "dry" }), dry)).summary[0]).toContain(
      "would be written to dry/",
    );
    expect((await unpack(input([file], { to: "dry" }), dry)).summary[0]).toContain("would be unpacked");
    expect((await sign(input([file], { key: "secret.asc" }), dry)).tables[0]?.rows).toEqual([
      [file, "would be signed"],
    ]);
    expect(() => readFileSync(join(cwd, "dry"))).toThrow("ENOENT");
  });

  it("says what is missing or malformed", async () => {
    expect(await codeOf(unpack(input([file]), context))).toBe("CLI_OPTION_MISSING");
    expect(await codeOf(sign(input([file]), context))).toBe("CLI_OPTION_MISSING");
    expect(await codeOf(sign(input([file], { key: "secret.asc", passphraseFile: "absent" }), context))).toBe(
      "CLI_FILE_UNREADABLE",
    );
    expect(await codeOf(pack(input(["absent.toml"]), context))).toBe("CLI_FILE_UNREADABLE");
    writeFileSync(join(cwd, "bad.json"), "{");
    expect(await codeOf(pack(input(["bad.json"]), context))).toBe("RPM_PACK_FILE");
    process.env.SOURCE_DATE_EPOCH = "yesterday";
    expect(await codeOf(packIt())).toBe("CLI_EPOCH_MALFORMED");
    expect(await codeOf(sign(input([file], { key: "secret.asc" }), context))).toBe("CLI_EPOCH_MALFORMED");
    process.env.SOURCE_DATE_EPOCH = "1700001000";
  });
});
