import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { partialMark } from "../../core/index.ts";
import { claimOut, cleanOut, lockOut } from "./out-lock.ts";

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "weir-lock-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

describe("the out folder", () => {
  it("is held by one run at a time", async () => {
    const release = await lockOut(out);
    await expect(lockOut(out)).rejects.toMatchObject({ code: "OUT_IN_USE", exitCode: 1 });
    await release();
    await (await lockOut(out))();
  });

  it("is taken over from a run that was killed", async () => {
    await mkdir(join(out, ".weir"));
    for (const left of ["999999 12345\n", `${process.pid} 1\n`, "", "half"]) {
      await writeFile(join(out, ".weir/lock"), left);
      await (await lockOut(out))();
    }
    expect(await readdir(join(out, ".weir"))).toEqual([]);
  });

  it("is refused when it is something else", async () => {
    await claimOut(join(out, "new/deep"));
    await claimOut(join(out, "new/deep"));
    await writeFile(join(out, "photo"), "");
    await expect(claimOut(out)).rejects.toMatchObject({ code: "OUT_FOREIGN" });
    await expect(claimOut(join(out, "photo"))).rejects.toMatchObject({ code: "OUT_FOREIGN" });
    await expect(claimOut(join(out, "photo/below"))).rejects.toMatchObject({ code: "OUT_FOREIGN" });
    await expect(claimOut("/proc/weir")).rejects.toMatchObject({ code: "OUT_UNWRITABLE", exitCode: 3 });
  });

  it("loses what was left half-written, and nothing else", async () => {
    await mkdir(join(out, "specs/l"), { recursive: true });
    for (const path of [`${partialMark}1`, `specs/l/${partialMark}2`, "specs/l/kept"])
      await writeFile(join(out, path), "");
    await cleanOut(out);
    expect((await readdir(out, { recursive: true })).sort()).toEqual(["specs", "specs/l", "specs/l/kept"]);
  });
});
