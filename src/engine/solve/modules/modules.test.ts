import { describe, expect, it } from "vitest";
import { makePackage, makeRepository } from "../../../../test/support/metadata.ts";
import { poolOf } from "../../../../test/support/pool.ts";
import { activeModules, filterByModules, type StreamFacts } from "./index.ts";

type Needs = Readonly<Record<string, readonly string[]>>;

function stream(text: string, needs: readonly Needs[] = [], artifacts: readonly string[] = []): StreamFacts {
  const [name = "", stream = "", version = "1", context = "c"] = text.split(":");
  const dependencies = needs.map((need) => ({
    buildrequires: [],
    requires: Object.entries(need).map(([module, streams]) => ({ module, streams })),
  }));
  return { name, stream, version, context, dependencies, artifacts, demodularized: [] };
}

const label = (facts: StreamFacts) => `${facts.name}:${facts.stream}:${facts.version}:${facts.context}`;

function active(
  streams: readonly StreamFacts[],
  choices: Parameters<typeof activeModules>[2] = {},
  defaults: Readonly<Record<string, string>> = {},
) {
  const list = Object.entries(defaults).map(([module, stream]) => ({ module, stream }));
  const { active, left } = activeModules(streams, list, choices);
  return [...active.map(label), ...left.map((item) => `${item.stream}: ${item.reason}`)];
}

describe("active module streams", () => {
  it("are the default ones, unless others are enabled or the module is disabled", () => {
    const streams = [stream("a:1"), stream("a:2"), stream("b:1")];
    expect(active(streams)).toEqual([]);
    expect(active(streams, {}, { a: "1" })).toEqual(["a:1:1:c"]);
    expect(active(streams, { enable: ["a:2"] }, { a: "1" })).toEqual(["a:2:1:c"]);
    expect(active(streams, { disable: ["a"] }, { a: "1", b: "1" })).toEqual(["b:1:1:c"]);
    expect(active(streams, { disable: ["*"], enable: ["a:2"] }, { b: "1" })).toEqual(["a:2:1:c"]);
  });

  it("bring the streams they need, and take the context whose needs are met", () => {
    const streams = [
      stream("app:1:5:old", [{ lib: ["1"] }]),
      stream("app:1:5:new", [{ lib: ["2"] }]),
      stream("lib:1"),
      stream("lib:2"),
    ];
    expect(active(streams, { enable: ["app:1", "lib:1"] })).toEqual(["app:1:5:old", "lib:1:1:c"]);
    expect(active(streams, { enable: ["app:1", "lib:2"] })).toEqual(["app:1:5:new", "lib:2:1:c"]);
    expect(
      active([stream("app:1:5:c", [{ lib: [] }]), stream("lib:1"), stream("lib:10")], { enable: ["app:1"] }),
    ).toEqual(["app:1:5:c", "lib:10:1:c"]);
    expect(
      active([stream("app:1:5:c", [{ lib: ["-10"] }]), stream("lib:1"), stream("lib:10")], { enable: ["app:1"] }),
    ).toEqual(["app:1:5:c", "lib:1:1:c"]);
  });

  it("include older builds of the same context whose needs are met", () => {
    const streams = [
      stream("a:1:10:x", [{ platform: ["el9"] }]),
      stream("a:1:9:x", [{ platform: ["el9"] }]),
      stream("a:1:8:x", [{ platform: ["el8"] }]),
      stream("a:1:9:y", [{ platform: ["el9"] }]),
    ];
    expect(active(streams, { enable: ["a:1"], platform: "el9" })).toEqual(["a:1:10:x", "a:1:9:x"]);
  });

  it("leave a default out whose needs are not met", () => {
    expect(active([stream("a:1:1:c", [{ platform: ["el8"] }])], { platform: "el9" }, { a: "1" })).toEqual([
      "a:1: it needs platform:el8, this is el9",
    ]);
    expect(active([stream("a:1:1:c", [{ b: ["2"] }]), stream("b:1")], {}, { a: "1", b: "1" })).toEqual([
      "b:1:1:c",
      "a:1: it needs b:2, which no repository has",
    ]);
  });

  it("end for streams that need each other, however many", () => {
    const ring = Array.from({ length: 3000 }, (_, index) =>
      stream(`m${index}:1:1:c`, [{ [`m${(index + 1) % 3000}`]: ["1"] }, { [`m${(index + 7) % 3000}`]: [] }]),
    );
    expect(() => active(ring, { enable: ["m0:1"] })).toThrow(/cannot be enabled/);
  });

  it.each([
    ["MODULE_CHOICE_MALFORMED", ["a"]],
    ["MODULE_CHOICE_MALFORMED", ["a:1", "a:2"]],
    ["MODULE_UNKNOWN", ["ab:1"]],
    ["MODULE_STREAM_UNKNOWN", ["a:3"]],
    ["MODULE_UNMET", ["a:2"]],
  ])("refuse with %s: %s", (code, enable) => {
    const streams = [stream("a:1"), stream("a:2:1:c", [{ b: ["1"] }])];
    expect(() => activeModules(streams, [], { enable })).toThrow(expect.objectContaining({ code }));
  });
});

describe("the filter", () => {
  const repository = makeRepository("r", [
    makePackage("node-18.0-1.x86_64"),
    makePackage("node-20.0-1.x86_64"),
    makePackage("node-21.0-1.x86_64"),
    makePackage("iojs-1.0-1.x86_64", { provides: ["node = 1"] }),
    makePackage("other-1.0-1.x86_64"),
  ]);
  const streams = [
    stream("node:18", [], ["node-0:18.0-1.x86_64"]),
    stream("node:20", [], ["node-0:20.0-1.x86_64", "no nevra"]),
  ];
  const kept = (activeStreams: readonly StreamFacts[], free?: ReadonlySet<number>) => {
    const pool = poolOf([repository]);
    const filter = filterByModules(pool, streams, activeStreams, free);
    const packages = Array.from({ length: pool.columns.count - 2 }, (_, index) => index + 2);
    return {
      kept: packages.filter((pkg) => filter.considered?.[pkg] === 1).map((pkg) => pool.nevra(pkg)),
      why: packages.flatMap((pkg) => filter.why(pkg) ?? []),
    };
  };

  it("takes out what belongs to streams that are not active", () => {
    const { kept: left, why } = kept([]);
    expect(left).toEqual(["node-21.0-1.x86_64", "iojs-1.0-1.x86_64", "other-1.0-1.x86_64"]);
    expect(why[0]).toBe("belongs to module stream node:18, which is not active");
  });

  it("takes out what has, or provides, the name of an active stream's package", () => {
    const { kept: left, why } = kept(streams.slice(1));
    expect(left).toEqual(["node-20.0-1.x86_64", "other-1.0-1.x86_64"]);
    expect(why).toContain("is hidden by the active module stream node:20");
  });

  it("leaves repositories of hotfixes alone", () => {
    expect(kept(streams.slice(1), new Set([0])).kept).toHaveLength(5);
  });

  it("lets everything pass where there are no streams", () => {
    expect(filterByModules(poolOf([repository]), [], []).considered).toBeUndefined();
  });
});
