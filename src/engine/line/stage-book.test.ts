import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StageBook } from "./stage-book.ts";

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "weir-book-"));
});
afterEach(() => rm(out, { recursive: true, force: true }));

describe("the stage book", () => {
  it("says why a stage must run", async () => {
    const book = new StageBook(out, "1");
    expect(await book.check("plan", { a: "1" })).toEqual({ fresh: false, reason: "not done before" });
    await writeFile(join(out, "plan.json"), "{}");
    await book.finish("plan", { a: "1", b: "1" }, ["plan.json"]);
    expect(await book.check("plan", { a: "1", b: "1" })).toEqual({ fresh: true, reason: "same inputs" });
    expect((await book.check("plan", { a: "2", c: "1" })).reason).toBe("a changed, b is gone, c is new");
  });

  it("believes no output that was lost or edited", async () => {
    const book = new StageBook(out, "1");
    await writeFile(join(out, "plan.json"), "{}");
    await book.finish("plan", {}, ["plan.json"]);
    await writeFile(join(out, "plan.json"), "{ }");
    expect((await book.check("plan", {})).reason).toBe("plan.json was changed by hand");
    await rm(join(out, "plan.json"));
    expect((await book.check("plan", {})).reason).toBe("plan.json is gone");
  });

  it("does not trust what another version of the tool made", async () => {
    await new StageBook(out, "1").finish("plan", {}, []);
    expect((await new StageBook(out, "2").check("plan", {})).reason).toBe("weir itself changed");
  });

  it("takes a damaged record for none", async () => {
    const book = new StageBook(out, "1");
    await book.finish("plan", {}, []);
    await writeFile(join(out, ".weir/stages/plan.json"), '{"schema":"weir/stage/1","stage":"plan","inputs":[1]}');
    expect((await book.check("plan", {})).fresh).toBe(false);
    await writeFile(join(out, ".weir/stages/plan.json"), '{"schema":');
    expect((await book.check("plan", {})).fresh).toBe(false);
  });
});
