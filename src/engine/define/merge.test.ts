import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DefinitionFile } from "./load-file.ts";
import { type Layer, mergeLayers, type RawComponent, Trace, visitValues } from "./merge.ts";

const words = fc.constantFrom("", "a", "b");
const lists = fc.array(fc.constantFrom("x", "y"), { maxLength: 3 });
const raw: fc.Arbitrary<RawComponent> = fc.record(
  {
    spec: fc.record(
      { "upstream-name": words, "upstream-distro": fc.record({ name: words, version: words }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
    build: fc.record(
      {
        with: lists,
        defines: fc.dictionary(fc.constantFrom("m", "n"), words),
        check: fc.record({ skip: fc.boolean(), skip_reason: words }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    ),
    "overlay-files": lists,
    packages: fc.dictionary(
      fc.constantFrom("p", "q"),
      fc.record({ publish: fc.record({ "rpm-channel": words }, { requiredKeys: [] }) }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);

function layer(one: RawComponent, index: number): Layer {
  return { raw: one, file: new DefinitionFile("/", `/f${index}.toml`, "", {}), path: [] };
}

/** The merge rules said once more, in the simplest way. */
function expected(layers: readonly RawComponent[]) {
  const last = (pick: (one: RawComponent) => string | boolean | undefined) =>
    layers.map(pick).findLast((value) => value);
  return {
    name: last((one) => one.spec?.["upstream-name"]),
    distro: last((one) => one.spec?.["upstream-distro"]?.name),
    skip: last((one) => one.build?.check?.skip),
    with: layers.flatMap((one) => one.build?.with ?? []),
    defines: Object.assign({}, ...layers.map((one) => one.build?.defines ?? {})) as unknown,
    packages: Object.assign({}, ...layers.map((one) => one.packages ?? {})) as unknown,
    files: layers.map((one) => one["overlay-files"]).findLast((value) => value !== undefined),
  };
}

describe("merging layers", () => {
  it("follows the rules for any layers, traces every value, and leaves the layers alone", () => {
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 5 }), (all) => {
        const before = JSON.stringify(all);
        const trace = new Trace();
        const merged = mergeLayers(all.map(layer), undefined, trace);
        expect({
          name: merged.spec?.["upstream-name"],
          distro: merged.spec?.["upstream-distro"]?.name,
          skip: merged.build?.check?.skip,
          with: merged.build?.with ?? [],
          defines: merged.build?.defines ?? {},
          packages: merged.packages ?? {},
          files: merged["overlay-files"],
        }).toEqual(expected(all));
        expect(JSON.stringify(all)).toBe(before);
        const keys: string[] = [];
        visitValues(merged, (key) => keys.push(key));
        expect([...trace.origins(keys).keys()]).toEqual(keys);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it("is the same in one go and layer by layer", () => {
    fc.assert(
      fc.property(fc.array(raw, { minLength: 2, maxLength: 5 }), (all) => {
        const whole = mergeLayers(all.map(layer));
        const stepwise = all.reduce((merged, one) => mergeLayers([layer(merged, 0), layer(one, 1)]), {});
        expect(stepwise).toEqual(whole);
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});
